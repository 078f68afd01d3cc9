import type { ImageContent, ImageFacts, IndexEntry } from '../image/facts.ts'
import { type Fit, fitOf, type NodePlatform } from '../image/fit.ts'
import { runnable } from '../image/match.ts'
import { formatPlatform, type Platform } from '../image/platform.ts'
import { runtimeNames, runtimeRules } from '../image/runtime.ts'
import type { Evidence } from './evidence.ts'
import type { Finding } from './finding.ts'

// What CRI-O reads of a manifest (go.podman.io/image internal/iolimits); containerd's bound is 4,393,216.
const mostForCrio = 4 * 1024 * 1024

/** What the image is, held against the nodes that the pod may land on. */
export const judgeContent = (facts: ImageFacts, evidence: Evidence): readonly Finding[] => [
  ...judgeSize(facts, evidence),
  ...judgeKind(facts, evidence),
]

const judgeSize = ({ sizeBytes }: ImageFacts, { landing }: Evidence): readonly Finding[] => {
  if (sizeBytes <= mostForCrio) return []
  const runtimes = landing.kind === 'platforms' ? landing.platforms.map(({ runtime }) => runtime) : ['']
  const rules = [...new Set(runtimes.flatMap(runtimeRules))]
  const fails = rules.filter(({ pullPath }) => pullPath === 'cri-o')
  if (fails.length === 0) return []
  if (fails.length === rules.length) return [{ code: 'oversized-manifest', sizeBytes }]
  const runs = rules.filter(rule => !fails.includes(rule))
  return [{ code: 'runtime-differs', runs: runtimeNames(runs), fails: runtimeNames(fails) }]
}

const judgeKind = (facts: ImageFacts, evidence: Evidence): readonly Finding[] => {
  const { content } = facts
  if (content.kind === 'artifact') return [{ code: 'not-an-image', artifactType: content.artifactType }]
  if (content.kind === 'unread')
    return evidence.landing.kind === 'unknown'
      ? []
      : [{ code: 'rate-limited', host: content.host, retryAfterMs: undefined, spared: 'content' }]
  if (content.kind === 'index' && content.entries.length === 0)
    return [{ code: 'broken-image', damage: 'empty-index', platforms: [] }]
  if (startsNothing(content, evidence.use)) return [{ code: 'broken-image', damage: 'no-command', platforms: [] }]
  if (evidence.landing.kind === 'unknown') return []
  return judgeNodes(evidence.landing.platforms, facts, evidence)
}

/** Whether runtimes refuse to make the container, since nobody says what it is to start. Arguments alone are taken for a command. */
const startsNothing = (content: ImageContent, { role, start }: Evidence['use']): boolean =>
  content.kind === 'manifest' &&
  !content.config.namesCommand &&
  role !== 'volume' &&
  start.isWhole &&
  start.command === undefined &&
  start.args === undefined

/** What a node makes of the image. */
type NodeFit = { readonly node: NodePlatform } & Fit

const judgeNodes = (nodes: readonly NodePlatform[], facts: ImageFacts, evidence: Evidence): readonly Finding[] => {
  const fits = nodes.map(node => nodeFit(node, facts, evidence))
  const misfits = fits.filter(({ kind }) => kind !== 'fits' && kind !== 'differs')
  const differing = differences(fits)
  if (misfits.length === 0) return differing
  if (misfits.length < fits.length) {
    const running = fits.filter(({ kind }) => kind === 'fits' || kind === 'differs')
    return [{ code: 'some-platforms', misfits: platformsOf(misfits), fits: platformsOf(running) }, ...differing]
  }
  return [misfitOfAll(misfits, facts.content, evidence)]
}

const nodeFit = (node: NodePlatform, facts: ImageFacts, { use, program }: Evidence): NodeFit => {
  const fit = fitOf(node, facts)
  if (fit.kind !== 'other-platform') return { node, ...fit }
  // A volume's files are mounted whatever they were built for.
  if (use.role === 'volume') return { node, kind: 'fits' }
  const isMislabelled = program?.kind === 'found' && canRun(node.platform, program.platform)
  const fails = fit.refusedBy
  const runs = runtimeRules(node.runtime).filter(rules => !fails.includes(rules))
  // The program would run, where the runtime lets it come to that.
  return isMislabelled && fails.length > 0 && runs.length > 0
    ? { node, kind: 'differs', runs, fails }
    : { node, ...fit }
}

const misfitOfAll = (misfits: readonly NodeFit[], content: ImageContent, { program }: Evidence): Finding => {
  const wanted = platformsOf(misfits)
  const absent = misfits.filter(({ kind }) => kind === 'absent-child')
  if (absent.length > 0) return { code: 'broken-image', damage: 'missing-child', platforms: platformsOf(absent) }
  if (content.kind === 'schema1') return { code: 'broken-image', damage: 'schema-1', platforms: [] }
  const other = misfits.find(fit => fit.kind === 'other-platform')
  if (other === undefined) return { code: 'no-platform', wanted, offered: offered(content) }
  const isExcused =
    program?.kind === 'found' &&
    other.refusedBy.length === 0 &&
    wanted.some(platform => canRun(platform, program.platform))
  return isExcused
    ? { code: 'mislabelled', labelled: other.actual, actual: program.platform }
    : { code: 'other-platform', wanted, actual: other.actual }
}

/** Whether a node can run a program: its processor may be good for older ones too, as amd64 is for 386. */
const canRun = (node: Platform, program: Platform): boolean =>
  node.os === program.os &&
  runnable({ ...node, variant: '' }).some(({ architecture }) => architecture === program.architecture)

const differences = (fits: readonly NodeFit[]): readonly Finding[] => {
  const differing = fits.filter(fit => fit.kind === 'differs')
  if (differing.length === 0) return []
  const names = (of: 'runs' | 'fails') => runtimeNames(differing.flatMap(fit => fit[of]))
  return [{ code: 'runtime-differs', runs: names('runs'), fails: names('fails') }]
}

const distinct = (platforms: readonly Platform[]): readonly Platform[] => [
  ...new Map(platforms.map(platform => [formatPlatform(platform), platform])).values(),
]

const platformsOf = (fits: readonly NodeFit[]): readonly Platform[] => distinct(fits.map(({ node }) => node.platform))

const offered = (content: ImageContent): readonly Platform[] =>
  content.kind === 'index' ? distinct(leaves(content.entries).flatMap(({ platform }) => platform ?? [])) : []

const leaves = (entries: readonly IndexEntry[]): readonly IndexEntry[] =>
  entries.flatMap(entry => (entry.role === 'image' ? [entry] : leaves(entry.entries ?? [])))
