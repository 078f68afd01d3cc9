import { defaultHost } from '../default-host.ts'
import { type EndpointUrl, readEndpointUrl } from './endpoint-url.ts'
import type { RegistriesYaml, YamlConfig, YamlMirror, YamlTls } from './registries-yaml.ts'

/** A host that K3s writes down for containerd. */
export interface K3sEndpoint {
  /** Undefined: the registry's own host. */
  readonly url: string | undefined
  readonly overridesPath: boolean
  readonly tls: YamlTls | undefined
  /** Whether anything but its URL is said of it. */
  readonly hasConfig: boolean
}

/** What K3s writes down of a registry. */
export interface K3sHosts {
  readonly endpoints: readonly K3sEndpoint[]
  readonly rewrites: YamlMirror['rewrites']
  /** Asked last; undefined where K3s was told to go without. */
  readonly server: K3sEndpoint | undefined
}

/** By the name of the registry's directory. */
export type K3sHostsByName = ReadonlyMap<string, K3sHosts>

type Configs = RegistriesYaml['configs']

const noConfig: YamlConfig = { auth: undefined, tls: undefined }

const endpointOf = (
  at: Pick<EndpointUrl, 'url' | 'overridesPath'> | undefined,
  { auth, tls }: YamlConfig,
): K3sEndpoint => ({
  url: at?.url,
  overridesPath: at?.overridesPath === true,
  tls,
  hasConfig: at?.overridesPath === true || auth !== undefined || tls !== undefined,
})

const configFor = (configs: Configs, registry: string): YamlConfig =>
  configs.get(defaultHost(registry)) ?? configs.get(registry) ?? noConfig

/** The registry's own host, as it is written down; undefined for a name that makes no URL: nothing is written of it. */
const ownHost = (name: string, config: YamlConfig): K3sEndpoint | undefined => {
  if (name === '*') return endpointOf(undefined, config)
  const url = readEndpointUrl(name)
  return url.ok ? { ...endpointOf({ ...url.value, overridesPath: false }, config) } : undefined
}

const directoryOf = (name: string): string => (name === '*' ? '_default' : name)

const withMirror = (hosts: K3sHosts, { endpoints, rewrites }: YamlMirror, configs: Configs): K3sHosts => {
  const distinct = [...new Map(endpoints.map(each => [each.url, each])).values()]
  const all = distinct.map(each => endpointOf(each, configFor(configs, each.registry)))
  const last = all.at(-1)
  // The registry's own host, where it is named last, stands where it stands anyway, and its names are its own.
  return last !== undefined && last.url === endpoints.at(-1)?.url && last.url === hosts.server?.url
    ? { endpoints: all.slice(0, -1), rewrites, server: last }
    : { endpoints: all, rewrites, server: hosts.server }
}

/** Where nothing is said but what would be done anyway, nothing is written down. */
const saysSomething = ({ endpoints, server }: K3sHosts): boolean => endpoints.length > 0 || server?.hasConfig === true

/** What K3s makes of a registries.yaml (pkg/agent/containerd/config.go getHostConfigs). */
export const k3sHostsOf = ({ mirrors, configs }: RegistriesYaml, defaultEndpoint: boolean): K3sHostsByName => {
  const hosts = new Map<string, K3sHosts>()
  for (const [name, config] of configs) {
    const server = ownHost(name, config)
    if (server !== undefined) hosts.set(directoryOf(name), { endpoints: [], rewrites: [], server })
  }
  for (const [name, mirror] of mirrors) {
    const before = name === '*' ? undefined : hosts.get(name)
    const own = ownHost(name, name === '*' ? noConfig : configFor(configs, name))
    if (before === undefined && own === undefined) continue
    const server = before === undefined && !defaultEndpoint ? undefined : own
    hosts.set(directoryOf(name), withMirror(before ?? { endpoints: [], rewrites: [], server }, mirror, configs))
  }
  return new Map([...hosts].filter(([, each]) => saysSomething(each)))
}
