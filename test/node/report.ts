import type { Fault, Outcome } from './compare.ts'

/** What a run was made with: parts, and their versions. */
export type Versions = Readonly<Record<string, string>>

/** The cases of one runtime. */
export interface RuntimeRun {
  readonly runtime: string
  readonly outcomes: readonly Outcome[]
}

const severe: readonly Fault[] = ['false denial', 'miss']

/** The figures of a run. */
export interface Totals {
  readonly cases: number
  readonly agreeing: number
  readonly falseDenials: number
  readonly misses: number
  readonly limits: number
  readonly doubts: number
  readonly faulty: number
}

const countOf = (outcomes: readonly Outcome[], holds: (outcome: Outcome) => boolean): number =>
  outcomes.filter(holds).length

/** Whether we said before what the node did: a denial where it fails, and nothing where it runs. */
const agrees = ({ ours, node }: Outcome): boolean =>
  ours.action === 'deny' ? node.end !== 'runs' : ours.action === 'pass' && node.end === 'runs'

/** Counts. */
export const totalsOf = (outcomes: readonly Outcome[]): Totals => ({
  cases: outcomes.length,
  agreeing: countOf(outcomes, agrees),
  falseDenials: countOf(outcomes, ({ faults }) => faults.includes('false denial')),
  misses: countOf(outcomes, ({ faults }) => faults.includes('miss')),
  limits: countOf(outcomes, ({ expect, node }) => expect.limit !== undefined && node.end !== 'runs'),
  doubts: countOf(outcomes, ({ expect }) => expect.doubt !== undefined),
  faulty: countOf(outcomes, ({ faults }) => faults.length > 0),
})

/** The figures as one line. */
export const totalsLine = (totals: Totals): string => {
  const { cases, agreeing, falseDenials, misses, limits, doubts } = totals
  const agreement = `agreement ${agreeing} of the ${cases - doubts - limits} that can be known`
  return `${cases} cases, ${agreement}, false denials ${falseDenials}, misses ${misses}, doubts with their reason ${doubts}, not asked for ${limits}`
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim()

const noteOf = ({ expect, faults }: Outcome): string =>
  [faults.map(fault => `**${fault}**`).join(', '), expect.doubt ?? '', expect.limit ?? '']
    .filter(text => text !== '')
    .join('; ')

const rowOf = (outcome: Outcome): string => {
  const { row, ours, node } = outcome
  const said = ours.codes.length === 0 ? 'pass' : `${ours.action}: ${ours.codes.join(', ')}`
  return `| ${row.id} | ${cell(row.name)} | ${said} | ${node.end} | ${cell(noteOf(outcome))} |`
}

const tableOf = (outcomes: readonly Outcome[]): readonly string[] => [
  '| row | case | our verdict | the node | note |',
  '| --- | --- | --- | --- | --- |',
  ...outcomes.map(rowOf),
]

const titles: Readonly<Record<string, string>> = {
  references: 'References',
  credentials: 'Credentials',
  registries: 'What registries do',
  shapes: 'Shapes of images',
  platforms: 'What an index offers',
  hosts: 'hosts.toml',
  holding: 'Pull policies, and what the node has',
  roles: 'Places in a pod',
}

const sectionsOf = (outcomes: readonly Outcome[]): readonly string[] =>
  Object.entries(titles).flatMap(([table, title]) => {
    const own = outcomes.filter(({ row }) => row.id.startsWith(`${table}-`))
    return own.length === 0 ? [] : ['', `### ${title}`, '', ...tableOf(own)]
  })

/** The rows that end otherwise on the second runtime than on the first. */
const differing = (first: readonly Outcome[], second: readonly Outcome[]): readonly string[] => {
  const ends = new Map(first.map(({ row, node }) => [row.id, node.end]))
  return second.flatMap(({ row, ours, node }) => {
    const before = ends.get(row.id)
    if (before === undefined || before === node.end) return []
    return [
      `| ${row.id} | ${cell(row.name)} | ${before} | ${node.end} | ${ours.codes.length === 0 ? 'pass' : `${ours.action}: ${ours.codes.join(', ')}`} |`,
    ]
  })
}

/** What nodes did otherwise than was thought before they were asked, and what the code does since. */
const lessons: readonly string[] = [
  'HEAD’s 403, 404 and 501 are final, whatever GET would answer; only 405 is asked again (`registry-error`).',
  'A `Docker-Content-Digest` that is no digest fails the pull of a tag (`registry-error`).',
  'A configuration of another size than its manifest says is not taken (`registry-error`).',
  'A platform of another type than an object of texts spoils the whole index (`registry-error`).',
  'What an index calls an index and is a manifest offers nothing (`no-platform`).',
  'An image that names no command, in a container that names none, is pulled and not made (`broken-image`).',
  'A signature has the configuration type of an image, and is none (`not-an-image`).',
]

const versionsTable = (versions: Versions): readonly string[] => [
  '| part | version |',
  '| --- | --- |',
  ...Object.entries(versions).map(([part, version]) => `| ${part} | ${version} |`),
]

/** The page. Equal runs write equal pages: nothing in it tells times or addresses. */
export const pageOf = ([first, ...others]: readonly [RuntimeRun, ...RuntimeRun[]], versions: Versions): string =>
  [
    '# Our verdicts beside a real node',
    '',
    'Written by `npm run kubernetes`: for each row of `test/node/rows/`, what Pullgate said of the pod, and what a real kubelet with a real',
    'container runtime then did with it. A denial where the container runs is a false denial, and nothing said where it does not run is a miss; either',
    'fails the run, and so does a warning without a reason, another cause than the node’s, and a row that says otherwise than it was.',
    '',
    ...versionsTable(versions),
    '',
    ...[first, ...others].map(({ runtime, outcomes }) => `- ${runtime}: ${totalsLine(totalsOf(outcomes))}.`),
    '',
    '## What the node taught',
    '',
    ...lessons.map(lesson => `- ${lesson}`),
    '',
    `## ${first.runtime}`,
    ...sectionsOf(first.outcomes),
    ...others.flatMap(({ runtime, outcomes }) => {
      const rows = differing(first.outcomes, outcomes)
      return [
        '',
        `## ${runtime}`,
        '',
        `${outcomes.length} rows whose image matters were run here too. Those that end otherwise than above:`,
        '',
        ...(rows.length === 0
          ? ['None.']
          : [`| row | case | above | here | our verdict here |`, '| --- | --- | --- | --- | --- |', ...rows]),
      ]
    }),
    '',
  ].join('\n')

/** What is wrong with a case, with all that is known, for a test that fails. */
export const complaintOf = ({ row, expect, ours, node, events, faults }: Outcome): string =>
  [
    `${row.id} ${row.name}: ${faults.join(', ')}`,
    `  the row:  ${expect.codes.join(', ') || 'pass'}, then ${expect.end}`,
    `  we:       ${ours.action} ${ours.codes.join(', ')} ${ours.words}`,
    `  the node: ${node.end}: ${node.words}`,
    ...events.map(event => `            ${event}`),
  ].join('\n')

/** Whether nothing worse than that is there. */
export const isSevere = ({ faults }: Outcome): boolean => faults.some(fault => severe.includes(fault))
