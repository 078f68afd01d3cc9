import { afterAll, test } from 'vitest'
import { parseDigest } from '../../src/image/digest.ts'
import { defaultsToAlways } from '../../src/image/known-reference.ts'
import { formatReference, parseReference } from '../../src/image/reference.ts'
import { digestText } from '../support/arbitraries/digest.ts'
import { referenceText } from '../support/arbitraries/reference.ts'
import { compare } from './compare.ts'
import { startOracle } from './oracle.ts'

const oracle = startOracle()
afterAll(oracle.close)

const sideOf = (answer: object) => ('refused' in answer ? 'refused' : 'accepted')

const ours = (text: string) => {
  const parsed = parseReference(text)
  const pullsAlways = defaultsToAlways(text)
  if (!parsed.ok) return { refused: parsed.error.message, pullsAlways }
  const { registry, repository, target } = parsed.value
  const digest = target.kind === 'digest' ? target.digest : ''
  return { registry, repository, tag: target.tag ?? '', digest, canonical: formatReference(parsed.value), pullsAlways }
}

// A host with an underscore is no domain to the grammar, so that the whole name is its path; containerd calls the host all the same.
const contacted = ({ registry, repository }: { readonly registry: string; readonly repository: string }) => {
  const slash = repository.indexOf('/')
  if (registry !== '') return { registry, repository }
  return { registry: repository.slice(0, slash), repository: repository.slice(slash + 1) }
}

const theirs = async (text: string) => {
  const answer = await oracle.reference(text)
  if ('error' in answer) return { refused: answer.error, pullsAlways: false }
  const { digest, canonical, pulledTag } = answer
  // A reference without tag and digest is asked for by the tag that it is pulled by.
  const tag = digest === '' ? pulledTag : answer.tag
  return { ...contacted(answer), tag, digest, canonical, pullsAlways: pulledTag === 'latest' }
}

test('references are read, normalised and refused as by distribution/reference', async () => {
  await compare({ name: 'references', inputs: referenceText, count: 100_000, ours, theirs, sideOf })
})

test('digests are accepted and refused as by go-digest', async () => {
  await compare({
    name: 'digests',
    inputs: digestText,
    count: 50_000,
    ours: text => {
      const parsed = parseDigest(text)
      return parsed.ok ? { accepted: parsed.value } : { refused: parsed.error }
    },
    theirs: async text => {
      const answer = await oracle.digest(text)
      return 'error' in answer ? { refused: answer.error } : { accepted: `${answer.algorithm}:${answer.encoded}` }
    },
    sideOf,
  })
})
