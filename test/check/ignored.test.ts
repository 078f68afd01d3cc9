import { describe, expect, test } from 'vitest'
import { ignoring } from '../../src/check/ignored.ts'
import { processorClock } from '../support/processor-clock.ts'

const digest = `sha256:${'a'.repeat(64)}`

describe('a pattern', () => {
  test.each<[pattern: string, image: string, ignored: boolean]>([
    ['docker.io/library/nginx', 'nginx', true],
    ['docker.io/library/nginx', 'nginx:1.27', true],
    ['docker.io/library/nginx', `nginx:1.27@${digest}`, true],
    ['docker.io/library/nginx', 'index.docker.io/library/nginx', true],
    ['docker.io/library/nginx', 'nginx-foo', false],
    ['docker.io/library/nginx', 'ghcr.io/library/nginx', false],
    ['nginx', 'nginx:1.27', true],
    ['nginx', 'docker.io/library/nginx:1.27', false],
    ['docker.io/library/nginx:1.27', 'nginx:1.27', true],
    ['docker.io/library/nginx:1.27', 'nginx:1.27.1', false],
    ['docker.io/library/nginx:1.27', 'nginx', false],
    ['docker.io/library/nginx:latest', 'nginx', true],
    ['docker.io/library/nginx:1.*', 'nginx:1.27', true],
    ['docker.io/library/nginx:1.*', 'nginx:2.0', false],
    [`docker.io/library/nginx@${digest}`, `nginx:1@${digest}`, true],
    ['docker.io/library/nginx:1@*', `nginx:1@${digest}`, true],
    ['docker.io/library/nginx:1', `nginx:1@${digest}`, false],
    ['docker.io/library/*:dev', 'nginx:dev', true],
    ['docker.io/library/*:dev', 'nginx:prod', false],
    ['*:dev', 'ghcr.io/shop/web:dev', true],
    ['localhost:*/*', 'localhost:5000/web', true],
    ['localhost:*/*', 'localhost:5000/shop/web:1', true],
    ['localhost:*/*', 'localhost/web', false],
    ['localhost:5000/*', 'localhost:5000/shop/web:1', true],
    ['ghcr.io/*/web', 'ghcr.io/shop/team/web:1', true],
    ['ghcr.io/*/web', 'ghcr.io/web:1', false],
    ['*', 'anything/at:all', true],
    ['*/*', 'nginx', true],
    ['ghcr.io/shop*', 'ghcr.io/shopping/web', true],
    ['*shop*shop*', 'ghcr.io/shop/web', false],
    ['*shop*shop*', 'ghcr.io/shop/shop', true],
    // What a piece took, the next one does not have.
    ['ghcr.io/aba*aba', 'ghcr.io/ababa', false],
    ['ghcr.io/aba*aba', 'ghcr.io/abaaba', true],
    // No regular expression.
    ['ghcr.io/shop.web', 'ghcr.io/shop-web', false],
    ['ghcr.io/[a-z]', 'ghcr.io/a', false],
    // Against what is written, even if it is no image.
    ['Shop/*', 'Shop/web:1', true],
    ['$(params.image)', '$(params.image)', true],
    ['docker.io/*', 'Shop/web:1', false],
  ])('%s, of %s: %s', (pattern, image, ignored) => {
    expect(ignoring([pattern])(image)).toBe(ignored)
  })

  test('is one of several, each of which is enough', () => {
    const isIgnored = ignoring(['ghcr.io/a', 'ghcr.io/b:1', '*:dev'])
    expect(['ghcr.io/a:7', 'ghcr.io/b:1', 'x:dev', 'ghcr.io/b:2'].map(isIgnored)).toEqual([true, true, true, false])
    expect(ignoring([])('nginx')).toBe(false)
  })

  test('takes no time over a text that is made to take some', () => {
    const isIgnored = ignoring([`${'a*'.repeat(255)}b`, `*${'a'.repeat(255)}b*`])
    const spentMs = processorClock()
    for (let round = 0; round < 100; round++) expect(isIgnored('a'.repeat(1024))).toBe(false)
    expect(isIgnored('a'.repeat(1_000_000))).toBe(false)
    expect(spentMs()).toBeLessThan(1000)
  })
})
