import { expect, test } from 'vitest'
import { parseKnownPlatform } from '../../src/image/known-platform.ts'

test.each(['linux/amd64', 'linux/arm64/v8', 'linux/arm/v7', 'windows/amd64', 'linux/x86_64', 'linux'])(
  'there may be nodes of %s',
  text => expect(parseKnownPlatform(text).ok).toBe(true),
)

test.each([
  ['linux/arm46', 'linux/arm46 names no architecture that is known; did you mean arm?'],
  ['linux/amd', 'linux/amd names no architecture that is known; did you mean amd64?'],
  ['linx/amd64', 'there are no nodes of the system "linx"; did you mean linux?'],
])('%s is a mistake', (text, error) => expect(parseKnownPlatform(text)).toEqual({ ok: false, error }))
