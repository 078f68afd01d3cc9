import type { ProviderProblem } from '../credentials/provider/provider-problem.ts'
import type { ImageReference } from '../image/reference.ts'
import type { Code } from './codes.ts'
import { damageWords } from './damage.ts'
import type { Explanation } from './explanation.ts'
import type { Finding } from './finding.ts'
import { platformNames } from './platform-names.ts'
import { clip, listed, quoted } from './text.ts'
import { answerWords, networkWords, providerWords, secretWords, sourceWords, stepWords } from './vocabulary.ts'

type Explain<C extends Code> = (
  finding: Extract<Finding, { code: C }>,
  image: ImageReference | undefined,
) => Explanation

const host = (name: string): string => clip(name, 45)
const repository = (image: ImageReference | undefined): string => clip(image?.repository ?? 'this repository', 45)

const tagText = (image: ImageReference | undefined): string =>
  image?.target.kind === 'tag' ? quoted(image.target.tag, 30) : 'this digest'

// What the program itself said is for whoever runs Pullgate: it may hold what no tenant is to read.
const troubleOf = ({ what }: ProviderProblem): string => providerWords[what]

const sparedWords = {
  content: (name: string) => ({
    why: `it is there, but ${name} counts pulls, so that nobody read for which platforms it is`,
    next: 'mirror it where pulls are free',
  }),
  image: (name: string) => ({
    why: `less than a fifth of the quota at ${name} is left, and that is for the nodes`,
    next: 'try again later',
  }),
} as const

const explainers: { readonly [C in Code]: Explain<C> } = {
  'bad-pull-secret': ({ secret, problem }) => ({
    what: `needs the pull secret ${quoted(secret, 40)}`,
    why: `${secretWords[problem]}, so no image of the pod is pulled`,
    next: 'recreate the secret',
  }),
  'invalid-reference': ({ problem }) => ({
    what: 'is not an image reference',
    why: `${clip(problem.hint, 120)}${problem.at === 0 ? '' : ` (character ${problem.at + 1})`}`,
    next: '',
  }),
  'not-found': ({ host: name, missing, near }, image) => {
    const next =
      near.length > 0
        ? `did you mean ${listed(
            near.map(tag => clip(tag, 30)),
            'or',
          )}?`
        : ''
    switch (missing) {
      case 'repository':
        return {
          what: 'not found',
          why: `${host(name)} has no repository ${repository(image)}`,
          next: 'check the name',
        }
      case 'tag':
        return {
          what: 'not found',
          why: `${host(name)} has no tag ${tagText(image)} in ${repository(image)}`,
          next: next || 'check the tag, or push it first',
        }
      case 'digest':
        return {
          what: 'not found',
          why: `${host(name)} does not have this digest in ${repository(image)}`,
          next: 'pin a digest that exists',
        }
      case 'unnamed':
        return {
          what: 'not found',
          why: `${host(name)} does not have ${tagText(image)} in ${repository(image)}`,
          next: next || 'check the name and the tag',
        }
    }
  },
  denied: ({ host: name, askedAs, without: [secret] }) => {
    if (secret !== undefined)
      return {
        what: 'pull access denied',
        why: `${host(name)} wants credentials, and the pull secret ${quoted(secret.name, 40)} ${secret.exists ? 'cannot be used' : 'does not exist'}`,
        next: secret.exists ? 'make it a docker-registry secret' : 'create it in this namespace',
      }
    if (askedAs === 'credentials')
      return {
        what: 'pull access denied',
        why: `${host(name)} refuses the credentials in the pull secrets`,
        next: 'renew them, or check the name',
      }
    return {
      what: 'pull access denied',
      why: `${host(name)} wants credentials, and no pull secret has any for it`,
      next: 'add an imagePullSecret, or check the name',
    }
  },
  'broken-image': ({ damage, platforms: on }) => damageWords[damage](on),
  'no-platform': ({ wanted, offered }) => ({
    what: `has no image for ${platformNames(wanted)}`,
    why: offered.length > 0 ? `it is offered for ${platformNames(offered)} only` : 'it is offered for no platform',
    next: 'build it for the nodes, or choose other nodes',
  }),
  'other-platform': ({ wanted, actual }) => ({
    what: `is for ${platformNames([actual])}`,
    why: `it will be pulled but cannot run on ${platformNames(wanted)}`,
    next: 'build it for the nodes, or choose other nodes',
  }),
  'not-an-image': ({ artifactType }) => ({
    what: 'is not a container image',
    why: `the registry has an artifact of ${artifactType === '' ? 'another kind' : `type ${clip(artifactType, 60)}`} there`,
    next: 'check the name and the tag',
  }),
  'some-platforms': ({ misfits, fits }) => ({
    what: `does not run on ${platformNames(misfits)}`,
    why: `it fits ${platformNames(fits)} only, and the pod may land elsewhere`,
    next: 'build it for all of them, or choose nodes',
  }),
  'never-pulled': ({ somewhere }) => ({
    what: 'is never pulled',
    why: `imagePullPolicy is Never, and ${somewhere ? 'not every node' : 'no node'} is known to hold it`,
    next: 'load it onto the nodes, or use IfNotPresent',
  }),
  'oversized-manifest': ({ sizeBytes }) => ({
    what: 'has an oversized manifest',
    why: `${sizeBytes === undefined ? 'its size' : `a size of ${sizeBytes} bytes`} is more than container runtimes accept (4 MiB)`,
    next: 'build it with fewer layers or annotations',
  }),
  'runtime-differs': ({ runs, fails }) => ({
    what: 'does not run everywhere',
    why: `it runs with ${listed(runs)}, not ${listed(fails)}`,
    next: 'build it for the nodes',
  }),
  'missing-pull-secret': ({ secret, exists }) => ({
    what: `names the pull secret ${quoted(secret, 40)}, which ${exists ? 'cannot be used' : 'does not exist'}`,
    why: exists ? 'its type or key is not that of a pull secret' : 'the pull goes on without it',
    next: exists ? 'recreate it with kubectl create secret docker-registry' : 'create it, or remove its name',
  }),
  'cached-only': ({ instead, listed: isListed }, image) => {
    if (!isListed) {
      const { what, why, next } = explain(instead, image)
      return { what, why: `${why}, but nodes may hold it and not list it`, next }
    }
    return {
      what: 'runs only from what nodes hold',
      why: `a node without it could not pull it (${instead.code})`,
      next: 'push the image again, or use one that exists',
    }
  },
  'moved-tag': ({ running, now }) => ({
    what: 'has moved',
    why: `the tag now names ${clip(now, 20)}, and ${clip(running, 20)} runs`,
    next: 'pin the digest that is meant',
  }),
  mislabelled: ({ labelled, actual }) => ({
    what: `is labelled ${platformNames([labelled])}`,
    why: `its program is for ${platformNames([actual])} and will run`,
    next: 'build it with the right --platform',
  }),
  'unknown-credentials': ({ source, name, problem }) => ({
    what: 'could not be checked',
    why: `${sourceWords[source]}${name === '' ? '' : ` ${quoted(name, 40)}`} ${problem === undefined ? 'could not be read' : troubleOf(problem)}`,
    next: problem === undefined ? 'make sure that the registry accepts its credentials' : 'ask whoever runs Pullgate',
  }),
  'node-credentials': ({ host: name }) => ({
    what: 'could not be checked',
    why: `${host(name)} refused us, but the nodes may hold credentials for it`,
    next: 'tell Pullgate of them in credentials',
  }),
  'rate-limited': ({ host: name, retryAfterMs, spared }) => {
    if (spared !== undefined) return { what: 'was not checked', ...sparedWords[spared](host(name)) }
    return {
      what: 'could not be checked',
      why: `${host(name)} is limiting requests`,
      next:
        retryAfterMs === undefined || retryAfterMs > 600_000
          ? 'try again later'
          : `try again in ${Math.ceil(retryAfterMs / 1000)} s`,
    }
  },
  unreachable: ({ host: name, problem }) => ({
    what: 'could not be checked',
    why: `${host(name)}: ${networkWords[problem]}`,
    next: 'check the registry, its name and the network',
  }),
  'registry-error': ({ host: name, step, problem, status }) => ({
    what: 'could not be checked',
    why: `${host(name)} ${answerWords(problem, status)} ${stepWords[step]}`,
    next: 'try again, or look at the registry',
  }),
  'timed-out': ({ host: name, step }) => ({
    what: 'could not be checked in time',
    why: `${host(name)} did not answer ${stepWords[step]}`,
    next: 'try again, or look at the registry',
  }),
  'blocked-address': ({ host: name }) => ({
    what: 'could not be checked',
    why: `${host(name)} leads to an address that Pullgate must not contact`,
    next: 'allow it with --allow-address if it is a registry',
  }),
  placeholder: () => ({ what: 'is a placeholder', why: 'another controller fills it in', next: '' }),
}

/** What a finding means, and what to do about it. */
export const explain = (finding: Finding, image: ImageReference | undefined): Explanation =>
  // The table is indexed by the finding's own code, so the explainer always takes this finding.
  (explainers[finding.code] as Explain<Code>)(finding, image)
