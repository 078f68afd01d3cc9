import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatReference, parseReference } from '../../src/image/reference.ts'
import { fullName, repositoryOf } from '../../src/workload/listed-name.ts'
import { referenceText } from '../support/arbitraries/reference.ts'
import { spliced } from '../support/arbitraries/text.ts'

const digest = `sha256:${'a'.repeat(64)}`

describe('the full form of a listed name', () => {
  test.each([
    ['registry.example/team/app:1', 'registry.example/team/app:1'],
    [`registry.example/team/app@${digest}`, `registry.example/team/app@${digest}`],
    [`registry.example:5000/app:1@${digest}`, `registry.example:5000/app@${digest}`],
    ['localhost/app:1', 'localhost/app:1'],
    ['[::1]:5000/app:1', '[::1]:5000/app:1'],
    ['docker.io/library/nginx:1', 'docker.io/library/nginx:1'],
    ['docker.io/nginx:1', 'docker.io/library/nginx:1'],
    ['index.docker.io/nginx:1', 'docker.io/library/nginx:1'],
    ['nginx:1', 'docker.io/library/nginx:1'],
    [`nginx@${digest}`, `docker.io/library/nginx@${digest}`],
    ['user/app:1', 'docker.io/user/app:1'],
    ['registry.example/app', 'registry.example/app:latest'],
    ['<none>:<none>', undefined],
    [`<none>@${digest}`, undefined],
    ['', undefined],
    [digest.slice(7), undefined],
    [`registry.example/${'a'.repeat(1024)}:1`, undefined],
  ])('of %s is %s', (listed, full) => {
    expect(fullName(listed)).toBe(full)
  })

  test('is that of the reference, for every text that is one', () => {
    fc.assert(
      fc.property(referenceText, text => {
        const parsed = parseReference(text)
        fc.pre(parsed.ok && text.length <= 1024)
        expect(fullName(text)).toBe(parsed.ok ? formatReference(parsed.value) : undefined)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('the repository of a full name', () => {
  test('is the one of its reference', () => {
    fc.assert(
      fc.property(referenceText, text => {
        const parsed = parseReference(text)
        if (!parsed.ok) return
        const { registry, repository } = parsed.value
        expect(repositoryOf(formatReference(parsed.value))).toBe(`${registry}/${repository}`)
      }),
    )
  })
})

test('twenty thousand odd names are read without a word', () => {
  const odd = fc.oneof(spliced(referenceText), fc.string({ unit: 'binary', maxLength: 60 }))
  const read = (text: string) => repositoryOf(fullName(text) ?? text)
  fc.assert(
    fc.property(odd, text => {
      expect(typeof read(text)).toBe('string')
    }),
    { numRuns: 20_000 },
  )
})
