import { denied, doubted, doubts, type Expectation, limits, notFound, type Row, runs } from '../row.ts'
import { auths, raw, right, wrong } from '../secrets.ts'

const at = 'closed.test'
const never: Expectation = doubted(['never-pulled'], 'ErrImageNeverPull', 'a node need not list what it has')
const unrecorded: Expectation = { codes: [], end: 'ErrImageNeverPull', limit: limits.records }
const listed = (end: Expectation['end']): Expectation => doubted(['cached-only'], end, doubts.held)
const good = auths({ [at]: right })
const bad = auths({ [at]: wrong })
const malformed = raw('{"auths":[]}')

/** Pull policy, what the node has, and what became of it at the registry since. */
// biome-ignore format: a row is a line
export const holding: readonly Row[] = [
  { name: 'Always, and nothing there', policy: 'Always', expect: runs },
  { name: 'IfNotPresent, and nothing there', policy: 'IfNotPresent', expect: runs },
  { name: 'Never, and nothing there', policy: 'Never', expect: never },
  { name: 'Never, and no such image anywhere', policy: 'Never', push: 'none', expect: never },
  { name: 'Never, and no reference at all', policy: 'Never', image: 'App:1', push: 'none', expect: { codes: ['invalid-reference'], end: 'InvalidImageName' } },
  { name: 'Never, and a malformed secret', policy: 'Never', secrets: [malformed], expect: never },
  { name: 'Never, and loaded by hand', policy: 'Never', held: { by: 'hand' }, expect: runs },
  { name: 'Never, and pulled as anybody', policy: 'Never', held: { by: 'anybody' }, expect: runs },
  { name: 'Never, loaded by hand, and gone since', policy: 'Never', held: { by: 'hand', since: 'gone' }, expect: runs },
  { name: 'Never, and loaded by hand, with a malformed secret', policy: 'Never', held: { by: 'hand' }, secrets: [malformed], expect: runs },
  { name: 'Never, and pulled with the same secret', policy: 'Never', at, held: { by: [good] }, secrets: [good], expect: runs },
  { name: 'Never, pulled with a secret, and none now', policy: 'Never', at, held: { by: [good] }, expect: unrecorded },
  { name: 'Never, pulled with a secret, and a wrong one now', policy: 'Never', at, held: { by: [good] }, secrets: [bad], expect: unrecorded },
  { name: 'IfNotPresent, and loaded by hand', policy: 'IfNotPresent', held: { by: 'hand' }, expect: runs },
  { name: 'IfNotPresent, loaded by hand, and gone since', policy: 'IfNotPresent', held: { by: 'hand', since: 'gone' }, expect: listed('runs') },
  { name: 'IfNotPresent, loaded by hand, and the registry is down', policy: 'IfNotPresent', held: { by: 'hand', since: 'down' }, expect: doubted(['unreachable'], 'runs', doubts.network) },
  { name: 'IfNotPresent, loaded by hand, and closed since', policy: 'IfNotPresent', held: { by: 'hand', since: 'closed' }, expect: doubted(['node-credentials'], 'runs', doubts.held) },
  { name: 'IfNotPresent, loaded by hand, and the tag moved since', policy: 'IfNotPresent', held: { by: 'hand', since: 'moved' }, expect: runs },
  { name: 'IfNotPresent, loaded by hand, and a malformed secret', policy: 'IfNotPresent', held: { by: 'hand' }, secrets: [malformed], expect: listed('runs') },
  { name: 'IfNotPresent, and pulled as anybody', policy: 'IfNotPresent', held: { by: 'anybody' }, expect: runs },
  { name: 'IfNotPresent, pulled as anybody, and gone since', policy: 'IfNotPresent', held: { by: 'anybody', since: 'gone' }, expect: listed('runs') },
  { name: 'IfNotPresent, pulled as anybody, and the registry is down', policy: 'IfNotPresent', held: { by: 'anybody', since: 'down' }, expect: doubted(['unreachable'], 'runs', doubts.network) },
  { name: 'IfNotPresent, pulled as anybody, and closed since', policy: 'IfNotPresent', held: { by: 'anybody', since: 'closed' }, expect: doubted(['node-credentials'], 'runs', doubts.held) },
  { name: 'IfNotPresent, and pulled with the same secret', policy: 'IfNotPresent', at, held: { by: [good] }, secrets: [good], expect: runs },
  { name: 'IfNotPresent, pulled with the same secret, and gone since', policy: 'IfNotPresent', at, held: { by: [good], since: 'gone' }, secrets: [good], expect: listed('runs') },
  { name: 'IfNotPresent, pulled with a secret, and none now', policy: 'IfNotPresent', at, held: { by: [good] }, expect: doubted(['node-credentials'], 'ErrImagePull', doubts.held) },
  { name: 'IfNotPresent, pulled with a secret, and a wrong one now', policy: 'IfNotPresent', at, held: { by: [good] }, secrets: [bad], expect: listed('ErrImagePull') },
  { name: 'IfNotPresent, pulled with a secret, gone since, and none now', policy: 'IfNotPresent', at, held: { by: [good], since: 'gone' }, expect: listed('ErrImagePull') },
  { name: 'Always, and loaded by hand', policy: 'Always', held: { by: 'hand' }, expect: runs },
  { name: 'Always, loaded by hand, and gone since', policy: 'Always', held: { by: 'hand', since: 'gone' }, expect: notFound },
  { name: 'Always, loaded by hand, and the registry is down', policy: 'Always', held: { by: 'hand', since: 'down' }, expect: doubted(['unreachable'], 'ErrImagePull', doubts.network) },
  { name: 'Always, pulled with a secret, and a wrong one now', policy: 'Always', at, held: { by: [good] }, secrets: [bad], expect: denied },
  { name: 'another tag of the same content is there', policy: 'IfNotPresent', image: '$:gone', held: { by: 'hand', image: '$:1' }, expect: notFound },
  { name: 'its digest is there under a tag', policy: 'IfNotPresent', image: '$@%digest', held: { by: 'hand', image: '$:1', since: 'gone' }, expect: notFound },
  { name: 'its digest is there, and gone since', policy: 'IfNotPresent', image: '$@%digest', held: { by: 'hand', image: '$@%digest', since: 'gone' }, expect: listed('runs') },
]
