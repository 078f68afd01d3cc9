import { PassThrough } from 'node:stream'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createPaint, hasColours } from '../../src/demo/paint.ts'

const terminal = (): NodeJS.WritableStream => Object.assign(new PassThrough(), { isTTY: true })

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('colours', () => {
  it.each([
    ['a terminal', terminal(), {}, true],
    ['a pipe', new PassThrough(), {}, false],
    ['a pipe where FORCE_COLOR asks for them', new PassThrough(), { FORCE_COLOR: '1' }, true],
    ['a terminal where FORCE_COLOR=0 forbids them', terminal(), { FORCE_COLOR: '0' }, false],
  ])('of %s', (_, stream, variables, wanted) => {
    const unset = { FORCE_COLOR: undefined, NO_COLOR: undefined, NODE_DISABLE_COLORS: undefined }
    for (const [name, value] of Object.entries({ ...unset, ...variables })) vi.stubEnv(name, value)
    expect(hasColours(stream)).toBe(wanted)
  })

  it('are put around text, or left out', () => {
    expect(createPaint(true)('red', 'no')).toBe('\u001b[31mno\u001b[39m')
    expect(createPaint(false)('red', 'no')).toBe('no')
  })
})
