import { readImageName } from '../credentials/image-pattern.ts'
import { isDomain } from '../image/grammar.ts'
import { parseKnownPlatform } from '../image/known-platform.ts'
import { parseReference } from '../image/reference.ts'
import { parseCidr } from '../registry/dial/cidr.ts'

/** What is wrong with a text; undefined where nothing is. */
export type Format = (text: string) => string | undefined

// A path of Linux may have 4,096 bytes with the NUL at its end (limits.h PATH_MAX).
const mostPathCharacters = 4095
// Longer than any reference: 255 characters of name, 128 of tag, 128 of digest.
const mostPatternCharacters = 512

const unwritable = /[\p{Cc}\p{Cs}]/u

const platformProblem: Format = text => {
  const platform = parseKnownPlatform(text)
  return platform.ok ? undefined : `is not a platform such as linux/amd64: ${platform.error}`
}

const cidrProblem: Format = text => {
  const cidr = parseCidr(text)
  return cidr.ok ? undefined : cidr.error
}

const pathProblem: Format = text =>
  text === '' || text.length > mostPathCharacters || unwritable.test(text) ? 'is not the path of a file' : undefined

const isPattern = (text: string): boolean => {
  return text !== '' && text.length <= mostPatternCharacters && !unwritable.test(text) && !/\s/.test(text)
}

const referenceProblem: Format = text => {
  const reference = parseReference(text)
  return reference.ok ? undefined : `is not an image reference: ${reference.error.hint}`
}

/** The formats of the schema, by name. */
export const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['cidr', cidrProblem],
  ['platform', platformProblem],
  ['path', pathProblem],
  ['host', text => (isDomain(text) ? undefined : 'is not a host such as ghcr.io or registry.example:5000')],
  ['kind', text => (/^[A-Z][A-Za-z0-9]{0,62}$/.test(text) ? undefined : 'is not a kind such as Deployment')],
  [
    'field-path',
    text =>
      /^[A-Za-z][A-Za-z0-9]{0,62}(?:\[\*\])?(?:\.[A-Za-z][A-Za-z0-9]{0,62}(?:\[\*\])?){0,19}$/.test(text)
        ? undefined
        : 'is not a path such as spec.template or spec.workers[*].template',
  ],
  ['image-pattern', text => (isPattern(text) ? undefined : 'is not a pattern such as ghcr.io/shop/*')],
  ['image-reference', referenceProblem],
  [
    'place-pattern',
    text =>
      isPattern(text) && readImageName(text) !== undefined && !text.includes('://')
        ? undefined
        : 'is not a pattern such as *.example.com',
  ],
])
