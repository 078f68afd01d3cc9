import type { Check } from '../check/check.ts'
import { askedImages } from '../cli/asked-images.ts'
import { mayWe } from '../cluster/access-review.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { loadProviders } from '../credentials/provider/load-providers.ts'
import { deadlineIn } from '../lib/deadline.ts'
import { mapSideBySide } from '../lib/side-by-side.ts'
import { lineOf } from '../verdict/line.ts'
import { type Verdict, verdictOutcome } from '../verdict/verdict.ts'
import { certificatesIn, goodUntilMs, isDue } from '../webhook/authorities.ts'
import type { Certificate } from '../webhook/certificate.ts'
import { problemSentence } from './keychain.ts'
import { neededRights, type Right, type RightsOptions, ruleOf } from './rights.ts'

/** One thing that was tried. Unsure: it could not be found out. */
export interface Trial {
  readonly outcome: 'well' | 'wrong' | 'unsure'
  readonly what: string
}

/** What is tried. */
export interface SelfTestOptions extends Omit<RightsOptions, 'showsTokens'> {
  readonly configuration: string
  readonly certificate: Certificate
  readonly cluster: Pick<Cluster, 'api'> | undefined
  /** What the configuration of the credential providers says; undefined: there are none. */
  readonly providers: Awaited<ReturnType<typeof loadProviders>> | undefined
  readonly check: Check
  /** Undefined: no registry is asked. */
  readonly testImage: string | undefined
  readonly wallClock: () => Date
}

const rightMs = 5000
const probeMs = 10_000
const mostSideBySide = 4

const certificateTrial = ({ cert }: Certificate, now: Date): Trial => {
  const [first = ''] = certificatesIn(cert)
  const until = new Date(goodUntilMs(first))
  if (!(goodUntilMs(first) > now.getTime()))
    return { outcome: 'wrong', what: 'the certificate is not good any more: give it another one' }
  const what = `the certificate is good until ${until.toISOString().slice(0, 16)}Z`
  return isDue(first, now.getTime())
    ? { outcome: 'unsure', what: `${what}, and is due to be renewed` }
    : { outcome: 'well', what }
}

const showsTokens = ({ providers }: SelfTestOptions): boolean =>
  providers?.ok === true && providers.value.some(({ token }) => token !== undefined)

const providerTrials = ({ providers }: SelfTestOptions): readonly Trial[] => {
  if (providers === undefined) return []
  if (!providers.ok) return providers.error.map(problem => ({ outcome: 'wrong', what: problemSentence(problem) }))
  const names = providers.value.map(({ name }) => name).join(', ')
  return [{ outcome: 'well', what: `the configuration of the credential providers is valid (${names})` }]
}

const secretsTrials = ({ cluster, readsPullSecrets }: SelfTestOptions): readonly Trial[] =>
  cluster === undefined || readsPullSecrets
    ? []
    : [{ outcome: 'well', what: 'pull secrets are not read, as was chosen: what needs them cannot be found out' }]

const deedWords = ({ deed: { verb, resource, subresource, name } }: Right): string =>
  [
    verb,
    subresource === undefined ? resource : `${resource}/${subresource}`,
    ...(name === undefined ? [] : [name]),
  ].join(' ')

const rightTrial = async (api: Cluster['api'], right: Right): Promise<Trial> => {
  const allowed = await mayWe(api, right.deed, deadlineIn(rightMs))
  const words = deedWords(right)
  if (!allowed.ok)
    return { outcome: 'unsure', what: `whether we may ${words} could not be found out (${allowed.error.kind})` }
  if (allowed.value) return { outcome: 'well', what: `we may ${words}` }
  return { outcome: 'wrong', what: `we may not ${words}, and so ${right.without}: add the rule ${ruleOf(right.deed)}` }
}

const verdictTrial = (verdict: Verdict | undefined, image: string): Trial => {
  if (verdict === undefined || verdict.kind === 'skipped')
    return { outcome: 'unsure', what: `the configuration ignores ${image}: no registry was asked` }
  const outcome = ({ pass: 'well', fail: 'wrong', unknown: 'unsure' } as const)[verdictOutcome(verdict)]
  const [finding] = verdict.findings
  if (finding === undefined) return { outcome, what: `image ${image} can be pulled` }
  const codes = verdict.findings.map(({ code }) => code)
  return { outcome, what: lineOf({ use: verdict.use, reference: verdict.reference, finding, codes }) }
}

const imageTrial = async (check: Check, image: string): Promise<Trial> => {
  const { verdicts } = await check(askedImages([image]), deadlineIn(probeMs))
  return verdictTrial(verdicts[0], image)
}

/** Tries everything that serving rests on: configuration, certificate, rights, and one image if there is one to ask about. */
export const selfTest = async (options: SelfTestOptions): Promise<readonly Trial[]> => {
  const { cluster, check, testImage, certificate, wallClock } = options
  const rights = cluster === undefined ? [] : neededRights({ ...options, showsTokens: showsTokens(options) })
  const [allowed, image] = await Promise.all([
    mapSideBySide(rights, mostSideBySide, right =>
      cluster === undefined ? Promise.reject() : rightTrial(cluster.api, right),
    ),
    testImage === undefined ? [] : imageTrial(check, testImage),
  ])
  const schema: Trial = { outcome: 'well', what: `the configuration is valid (${options.configuration})` }
  const rest = [...providerTrials(options), ...secretsTrials(options), ...allowed, ...[image].flat()]
  return [schema, certificateTrial(certificate, wallClock()), ...rest]
}

const marks = { well: 'ok     ', wrong: 'WRONG  ', unsure: 'unsure ' } as const

/** A trial, as one line for people. */
export const trialLine = ({ outcome, what }: Trial): string => `${marks[outcome]}${what}`
