import { describe, expect, test } from 'vitest'
import { type PullPolicy, pullPolicyOf } from '../../src/workload/pull-policy.ts'

const digest = `sha256:${'a'.repeat(64)}`

const rows: readonly (readonly [policy: PullPolicy, why: string, written: unknown, image: string])[] = [
  ['Always', 'it is written', 'Always', 'nginx:1.27'],
  ['IfNotPresent', 'it is written, whatever the tag', 'IfNotPresent', 'nginx:latest'],
  ['Never', 'it is written', 'Never', 'nginx'],
  ['Always', 'no tag is the tag latest', undefined, 'nginx'],
  ['Always', 'the tag is latest', undefined, 'nginx:latest'],
  ['IfNotPresent', 'the tag is another', undefined, 'nginx:1.27'],
  ['IfNotPresent', 'tags are case-sensitive', undefined, 'nginx:Latest'],
  ['IfNotPresent', 'a digest has no tag', undefined, `nginx@${digest}`],
  ['Always', 'the tag counts even where the digest is what is pulled', undefined, `nginx:latest@${digest}`],
  ['IfNotPresent', 'the tag counts even where the digest is what is pulled', undefined, `nginx:1.27@${digest}`],
  ['Always', 'a port is no tag', undefined, 'localhost:5000/nginx'],
  ['IfNotPresent', 'what cannot be parsed has no tag', undefined, 'Not An Image'],
  ['IfNotPresent', 'the empty text has no tag', undefined, ''],
  ['Always', 'the empty word is none', '', 'nginx'],
  ['Always', 'null is none', null, 'nginx'],
  ['Always', 'an unknown word counts as none', 'Sometimes', 'nginx'],
  ['IfNotPresent', 'an unknown word counts as none', 'Sometimes', 'nginx:1.27'],
  ['Always', 'words are case-sensitive', 'never', 'nginx'],
  ['Always', 'what is no text counts as none', 1, 'nginx'],
  ['Always', 'what objects inherit is no word', 'constructor', 'nginx'],
]

describe('the pull policy that counts', () => {
  test.each(rows)('is %s, since %s', (policy, _, written, image) => {
    expect(pullPolicyOf(written, image)).toBe(policy)
  })
})
