import { defaultHost } from '../default-host.ts'
import type { OwnCredential } from '../hosts.ts'
import type { RegistriesYaml, YamlAuth } from './registries-yaml.ts'

/** What a node holds, by the hosts that it asks, their ports included. */
export type OwnCredentials = ReadonlyMap<string, OwnCredential>

// Go's base64 passes over line ends, and wants the padding.
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** `name:password` in base64, without NULs round the password. What is no UTF-8 no header of ours could carry as it is. */
const decoded = (auth: string): OwnCredential => {
  const digits = auth.replaceAll(/[\r\n]/g, '')
  if (!base64.test(digits)) return 'malformed'
  const bytes = Buffer.from(digits, 'base64')
  const text = bytes.toString()
  const colon = text.indexOf(':')
  if (colon < 0 || !Buffer.from(text).equals(bytes)) return 'malformed'
  return { username: text.slice(0, colon), password: text.slice(colon + 1).replaceAll(/^\0+|\0+$/g, '') }
}

/** What containerd shows of an auth (internal/cri/server/images/image_pull.go ParseAuth); undefined: nothing. */
const shownOf = ({ username, password, auth, identityToken }: YamlAuth): OwnCredential | undefined => {
  if (username !== '') return { username, password }
  if (identityToken !== '') return { username: '', password: identityToken }
  return auth === '' ? undefined : decoded(auth)
}

/**
 * What K3s lets containerd hold: `registry.configs.HOST.auth` under the very names that are written, which containerd
 * looks up by the host of its request, and only where the kubelet gives nothing (image_pull.go PullImage). So no `*`
 * matches anything. `docker.io` counts for Docker Hub's host, as of K3s 1.32.7 and 1.33.3.
 */
export const ownCredentialsOf = ({ configs }: RegistriesYaml): OwnCredentials => {
  const own = new Map<string, OwnCredential>()
  for (const [name, { auth }] of configs) {
    const shown = auth && shownOf(auth)
    const isAlias = defaultHost(name) !== name && configs.get(defaultHost(name))?.auth !== undefined
    if (shown !== undefined && !isAlias) own.set(defaultHost(name), shown)
  }
  return own
}
