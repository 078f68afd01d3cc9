import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { tarOf } from '../../src/demo/tar.ts'

describe('an archive', () => {
  it('is read by tar as what was put in', () => {
    const archive = tarOf([
      { path: 'app', mode: 0o755, bytes: Buffer.from('x'.repeat(513)) },
      { path: 'web/Chart.yaml', mode: 0o644, bytes: Buffer.from('name: web\n') },
      { path: 'empty', mode: 0o600, bytes: Buffer.alloc(0) },
    ])
    const tar = (...options: readonly string[]): string =>
      execFileSync('tar', options, { input: archive, encoding: 'utf8' })
    expect(tar('-tf', '-')).toBe('app\nweb/Chart.yaml\nempty\n')
    expect(tar('-xOf', '-', 'web/Chart.yaml')).toBe('name: web\n')
    expect(tar('-tvf', '-')).toMatch(/^-rwxr-xr-x .* 513 .* app\n-rw-r--r--/)
  })
})
