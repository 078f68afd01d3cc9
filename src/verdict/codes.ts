/** What is done about a finding. */
export type Action = 'deny' | 'warn' | 'ignore'

/**
 * How sure a finding is. Definite: the node will fail. Advisory: it will run, or will fail only somewhere or some day.
 * Indefinite: it could not be found out.
 */
export type Group = 'definite' | 'advisory' | 'indefinite'

interface CodeRow {
  readonly group: Group
  readonly action: Action
  /** The default where the finding is about a DaemonSet, which lands on every node. */
  readonly onEveryNode?: Action
  /** The default where the image is mounted as a volume and runs nothing. */
  readonly asVolume?: Action
  /** One line, for tables and rule lists. */
  readonly meaning: string
}

/** The closed list of verdict codes: types, docs, rules and metric labels are made of this table. Worst first. */
export const codes = {
  'bad-pull-secret': {
    group: 'definite',
    action: 'deny',
    meaning: 'A referenced pull secret cannot be decoded, and so no image of the pod can be pulled.',
  },
  'invalid-reference': { group: 'definite', action: 'deny', meaning: 'The text is not an image reference.' },
  'not-found': {
    group: 'definite',
    action: 'deny',
    meaning: 'The registry has no such repository, tag or digest.',
  },
  denied: {
    group: 'definite',
    action: 'deny',
    meaning: 'The registry refuses the credentials, or wants some and none were given.',
  },
  'broken-image': {
    group: 'definite',
    action: 'deny',
    meaning: 'The image is damaged: a part is missing, differs from its digest, or is of a retired format.',
  },
  'no-platform': {
    group: 'definite',
    action: 'deny',
    meaning: 'The image is offered for no platform of the nodes that the pod may land on.',
  },
  'other-platform': {
    group: 'definite',
    action: 'deny',
    meaning: 'The image was built for another platform: it can be pulled but cannot run.',
  },
  'not-an-image': {
    group: 'definite',
    action: 'deny',
    asVolume: 'warn',
    meaning: 'The reference names another kind of artifact, such as a chart or a signature.',
  },
  'some-platforms': {
    group: 'advisory',
    action: 'warn',
    onEveryNode: 'deny',
    meaning: 'The image fits some of the nodes that the pod may land on, and not others.',
  },
  'never-pulled': {
    group: 'advisory',
    action: 'warn',
    meaning: 'The pull policy is Never, and not every node is known to hold the image.',
  },
  'oversized-manifest': {
    group: 'advisory',
    action: 'warn',
    meaning: 'The manifest is larger than container runtimes accept.',
  },
  'runtime-differs': {
    group: 'advisory',
    action: 'warn',
    meaning: 'The image runs with some container runtimes and not with others.',
  },
  'missing-pull-secret': {
    group: 'advisory',
    action: 'warn',
    meaning: 'A referenced pull secret does not exist or is of the wrong type.',
  },
  'cached-only': {
    group: 'advisory',
    action: 'warn',
    meaning: 'The registry does not offer the image, but nodes hold it, or may hold it.',
  },
  'moved-tag': {
    group: 'advisory',
    action: 'warn',
    meaning: 'The tag now names another image than the one that runs.',
  },
  mislabelled: {
    group: 'advisory',
    action: 'warn',
    meaning: 'The image is labelled for another platform, but the program inside fits.',
  },
  'unknown-credentials': {
    group: 'indefinite',
    action: 'warn',
    meaning: 'Credentials that the node would use could not be read.',
  },
  'node-credentials': {
    group: 'indefinite',
    action: 'warn',
    meaning: 'The registry refused, but the nodes may hold credentials of their own.',
  },
  'rate-limited': {
    group: 'indefinite',
    action: 'warn',
    meaning: 'The registry answers nothing for now: too many requests.',
  },
  unreachable: { group: 'indefinite', action: 'warn', meaning: 'The registry could not be reached.' },
  'registry-error': { group: 'indefinite', action: 'warn', meaning: 'The registry gave no usable answer.' },
  'timed-out': { group: 'indefinite', action: 'warn', meaning: 'The registry did not answer in time.' },
  'blocked-address': {
    group: 'indefinite',
    action: 'warn',
    meaning: 'The host is one that Pullgate is told not to contact.',
  },
  placeholder: {
    group: 'indefinite',
    action: 'ignore',
    meaning: 'The text is filled in later by another controller.',
  },
} as const satisfies Record<string, CodeRow>

/** One of the verdict codes. */
export type Code = keyof typeof codes

/** All verdict codes, worst first. */
export const allCodes = Object.keys(codes) as readonly Code[]

/** Whether a text is a code of this version. */
export const isCode = (text: string): text is Code => Object.hasOwn(codes, text)

const rank = new Map(allCodes.map((code, index) => [code, index]))

/** Orders codes, worst first. */
export const compareCodes = (a: Code, b: Code): number => (rank.get(a) ?? 0) - (rank.get(b) ?? 0)

/** The row of a code, with its optional columns. */
export const codeRow = (code: Code): CodeRow => codes[code]
