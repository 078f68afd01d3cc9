import type { Configuration } from '../config/configuration.ts'
import { type Cidr, parseCidr } from '../registry/dial/cidr.ts'
import { defaultHost } from '../registry/hosts/default-host.ts'
import type { Mode, Policy } from '../verdict/policy.ts'
import type { Treatment } from '../verdict/treatment.ts'
import type { BudgetOptions } from '../webhook/budget.ts'
import { builtInKinds, type Kind, plain, pod } from '../workload/kinds.ts'
import type { EngineSettings } from './engine.ts'
import { networkOf } from './network.ts'
import { parsePlatforms } from './platforms.ts'
import type { Environment } from './surroundings.ts'

/** What the configuration decides about a webhook, its engine included. */
export interface Settings extends EngineSettings {
  readonly mode: Mode
  readonly policy: Policy
  readonly owned: Treatment
  readonly templates: Treatment
  readonly budget: BudgetOptions
  /** The kinds of the configuration before the built-in ones: the first row counts. */
  readonly kinds: readonly Kind[]
  /** Whether objects that are let in only because of the mode get Events. */
  readonly events: boolean
  /** For how long it goes on answering when it is told to stop. */
  readonly drainMs: number
  /** The one that credential providers run in. */
  readonly environment: Environment
}

/** What flags of the command line say of the same things; each takes the place of what the file says. */
export interface ConfigurationFlags {
  readonly mode?: Mode
  readonly platform?: readonly string[]
  readonly certsDir?: readonly string[]
  readonly allowAddress?: readonly string[]
  readonly refuseAddress?: readonly string[]
}

/** The configuration with what the flags say in the place of what it says. */
export const withFlags = (configuration: Configuration, flags: ConfigurationFlags): Configuration => {
  const { registriesConf: _, registriesYaml: __, ...others } = configuration.registries
  // Directories take the place of the files that exclude them.
  const registries = flags.certsDir === undefined ? configuration.registries : { ...others, certsDir: flags.certsDir }
  return {
    ...configuration,
    mode: flags.mode ?? configuration.mode,
    platforms: flags.platform ?? configuration.platforms,
    registries: {
      ...registries,
      allowAddresses: flags.allowAddress ?? registries.allowAddresses,
      refuseAddresses: flags.refuseAddress ?? registries.refuseAddresses,
    },
  }
}

// The schema and the flags let nothing else pass.
const cidrsOf = (texts: readonly string[]): readonly Cidr[] =>
  texts.map(parseCidr).flatMap(cidr => (cidr.ok ? [cidr.value] : []))

/** The API server of the cluster that this process runs in: no image is had there. */
const apiServerIn = (environment: Environment): readonly string[] =>
  [environment['KUBERNETES_SERVICE_HOST'] ?? ''].filter(host => host !== '')

/** The host that is called for a registry, as it stands in a URL. */
const calledHost = (registry: string): string => URL.parse(`https://${defaultHost(registry)}`)?.host ?? registry

// Nothing is known of such a kind's controller, but that its pods are pods.
const kindOf = ({ group, kind, templates }: Configuration['kinds'][number]): Kind => ({
  ...plain,
  group,
  kind,
  versions: [],
  resource: '',
  pods: templates.map(template => pod(`${template}.spec`)),
  omitted: 'unknown',
  sources: [],
})

const platformsOf = ({ platforms }: Configuration): EngineSettings['platforms'] => {
  if (platforms === 'any' || platforms === 'nodes') return platforms
  const listed = parsePlatforms(platforms)
  return listed.ok ? listed.value : 'any'
}

const networkFor = ({ certsDir, ca }: Configuration['registries'], environment: Environment) => {
  const network = networkOf(environment, certsDir)
  return { ...network, trust: { ...network.trust, files: [...network.trust.files, ...ca] } }
}

/** The configuration as the engine and the webhook take it. */
export const settingsOf = (configuration: Configuration, environment: Environment): Settings => {
  const { mode, policy, owned, templates, ignoreImages, nodeStatusMaxImages } = configuration
  const { registries, credentials, cache, serve } = configuration
  const kinds = [...configuration.kinds.map(kindOf), ...builtInKinds]
  const { dockerConfig, providers, nodesMayHave } = credentials
  return {
    mode,
    policy: { actions: policy },
    kinds,
    environment,
    owned,
    templates,
    events: serve.events,
    drainMs: serve.drainSeconds * 1000,
    budget: { timeoutMs: serve.timeoutSeconds * 1000, reserveMs: serve.reserveMs },
    ignoreImages,
    nodeStatusMaxImages,
    platforms: platformsOf(configuration),
    addresses: {
      refuse: cidrsOf([...registries.refuseAddresses, ...apiServerIn(environment)]),
      allow: cidrsOf(registries.allowAddresses),
    },
    network: networkFor(registries, environment),
    nodeFiles: { registriesConf: registries.registriesConf, registriesYaml: registries.registriesYaml },
    connections: {
      perHost: registries.maxConnections,
      hosts: new Map(
        Object.entries(registries.hosts).map(([host, { maxConnections }]) => [calledHost(host), maxConnections]),
      ),
    },
    credentials: { dockerConfig, providers, nodesMayHave },
    cache,
  }
}
