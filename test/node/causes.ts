import type { Code } from '../../src/verdict/codes.ts'
import type { Ended } from './settle.ts'

type Cause = readonly [words: RegExp, codes: readonly Code[]]

// What the pieces of a node's message are called here; the first that is found counts.
const pullCauses: readonly Cause[] = [
  [/no match for platform|compressed resource size/, ['no-platform', 'broken-image', 'runtime-differs']],
  [/schema 1|no longer supported since containerd/, ['broken-image', 'registry-error']],
  [/rejecting \d+ byte manifest/, ['oversized-manifest']],
  [
    /no basic auth credentials|pull access denied|authorization failed|insufficient_scope/,
    ['denied', 'node-credentials', 'unreachable'],
  ],
  [/\b401\b|\b403\b/, ['denied', 'node-credentials', 'registry-error', 'not-found']],
  [/\b429\b/, ['rate-limited']],
  [/unexpected status/, ['registry-error', 'unreachable']],
  [/failed to (?:fetch|authorize)|did not include a token|realm/, ['registry-error', 'unreachable', 'denied']],
  [/timeout|deadline|awaiting (?:response )?headers|context canceled/, ['timed-out', 'unreachable']],
  [/redirect/, ['registry-error']],
  [
    /failed to do request|dial tcp|unexpected EOF|connection re|x509|no resolve hosts|certificate|CA cert/,
    ['unreachable', 'registry-error'],
  ],
  [/not a valid digest/, ['registry-error']],
  [/content size of zero/, ['registry-error', 'not-an-image', 'broken-image']],
  [/media-?type: expected/, ['registry-error', 'no-platform', 'broken-image']],
  [/could not fetch content descriptor/, ['broken-image', 'no-platform', 'not-found', 'registry-error']],
  [/cannot unmarshal|invalid character/, ['registry-error', 'broken-image']],
  [/expected size|commit digest/, ['broken-image', 'registry-error']],
  [/not found/, ['not-found', 'broken-image', 'registry-error', 'unreachable', 'runtime-differs']],
]

// The image's name and the registry's address are no cause, whatever they are called.
const bare = (words: string): string => words.replaceAll(/"[^"]*"|https?:\/\/\S+/g, '')

const named = (words: string): readonly Code[] => pullCauses.find(([pattern]) => pattern.test(bare(words)))?.[1] ?? []

const missed: readonly Code[] = ['missing-pull-secret', 'cached-only']

/** The codes that name the cause of a node's words; none where it got the container running. */
export const causesOf = ({ end, words }: Ended): readonly Code[] => {
  switch (end) {
    case 'runs':
    case 'unknown end':
      return []
    case 'ErrImagePull':
      return [...named(words), ...missed]
    case 'InvalidImageName':
      return ['invalid-reference']
    case 'ErrImageNeverPull':
      return ['never-pulled']
    case 'undecodable secret':
      return ['bad-pull-secret']
    case 'CreateContainerError':
      return ['not-an-image', 'other-platform', 'runtime-differs', 'broken-image']
    case 'RunContainerError':
      return ['not-an-image']
    case 'exec format error':
      return ['other-platform']
  }
}
