import type { Judge, Judged } from './judge.ts'
import { askOurs, credentialOf, type Ours } from './ours.ts'
import { type Outcome, outcomeOfJudged, outcomeOfOurs } from './outcome.ts'
import type { Scene, Shown } from './scene.ts'
import type { SceneFiles } from './scene-files.ts'
import type { Sight, Street } from './street.ts'

/** One side of a comparison. */
export interface Side {
  readonly outcome: Outcome
  /** The hosts, in the order in which they were first asked; token servers are none. */
  readonly hosts: readonly number[]
  /** What was shown, and where: each once, in the order of the alphabet. */
  readonly shown: readonly string[]
}

/** A scene, and how it ended for either. */
export interface Pulled {
  readonly scene: Scene
  readonly ours: Side
  readonly theirs: Side
  readonly answer: Ours
  readonly judged: Judged
}

const sideOf = (outcome: Outcome, sights: readonly Sight[]): Side => ({
  outcome,
  hosts: [...new Set(sights.map(({ host }) => host))].filter(host => host !== 'tokens'),
  shown: [...new Set(sights.map(({ host, what, shown }) => `${host} ${what}: ${shown}`))].sort(),
})

const asJudged = (shown: Shown) => {
  const credential = credentialOf(shown)
  if (credential === undefined) return undefined
  const { username, password } = credential
  return username === '' ? { identityToken: password } : { username, password }
}

/** Pulls by the judge, and asks our engine, in one and the same street. */
export const pullBoth = async (street: Street, files: SceneFiles, judge: Judge, scene: Scene): Promise<Pulled> => {
  const { image, registriesConf } = await files.write(scene)
  const { emptyDir, certsDir, authFile } = files
  street.play(scene)
  const credential = asJudged(scene.shown)
  const judged = await judge.pull({ image, credential, registriesConf, emptyDir, certsDir, authFile })
  const theirs = sideOf(outcomeOfJudged(judged), street.sights())
  street.play(scene)
  const answer = await askOurs(files, registriesConf, image, scene.shown)
  const ours = sideOf(outcomeOfOurs(answer), street.sights())
  return { scene, ours, theirs, answer, judged }
}
