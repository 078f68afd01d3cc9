import { modeLabel } from '../../cluster/namespaces.ts'
import type { PullSecret } from '../../credentials/pull-secret.ts'
import { asRecord, asText, ownProperty, propertyAt } from '../../lib/untrusted.ts'
import { secretNames } from '../../workload/pull-as.ts'
import { type RuntimeClassScheduling, runtimeClassOf } from '../../workload/runtime-class.ts'
import { groupOf, type PlacedObject } from './objects.ts'

/** Something by its name in a namespace; '' is the one that whoever applies it chooses. */
export interface Named {
  readonly namespace: string
  readonly name: string
}

/** What an object of a manifest tells of credentials, of the mode in a namespace, or of where pods land. */
export type Holding =
  | (Named & { readonly kind: 'secret'; readonly secret: PullSecret })
  /** A secret whose content is made elsewhere: it is not known here. */
  | (Named & { readonly kind: 'elsewhere' })
  | (Named & { readonly kind: 'account'; readonly imagePullSecrets: readonly string[] })
  | { readonly kind: 'namespace'; readonly name: string; readonly mode: string }
  | { readonly kind: 'runtime-class'; readonly name: string; readonly scheduling: RuntimeClassScheduling }

const keys = ['.dockerconfigjson', '.dockercfg']

/** The data of a secret as far as it may be credentials; what is written as text wins. */
const dataOf = (object: unknown): ReadonlyMap<string, Uint8Array> => {
  const found = keys.flatMap((key): readonly (readonly [string, Uint8Array])[] => {
    const plain = asText(ownProperty(ownProperty(object, 'stringData'), key))
    const encoded = asText(ownProperty(ownProperty(object, 'data'), key))
    if (plain !== undefined) return [[key, Buffer.from(plain)]]
    return encoded === undefined ? [] : [[key, Buffer.from(encoded, 'base64')]]
  })
  return new Map(found)
}

const textAt = (object: unknown, ...names: readonly string[]): string | undefined =>
  asText(propertyAt(object, ...names)) || undefined

/** Where kinds that make secrets say how the secret is called; without it, it is called as they are. */
const makers: ReadonlyMap<string, readonly string[]> = new Map([
  ['bitnami.com/SealedSecret', ['spec', 'template', 'metadata', 'name']],
  ['external-secrets.io/ExternalSecret', ['spec', 'target', 'name']],
  ['kubernetes-client.io/ExternalSecret', ['spec', 'template', 'metadata', 'name']],
  ['secrets.hashicorp.com/VaultStaticSecret', ['spec', 'destination', 'name']],
  ['secrets.hashicorp.com/VaultDynamicSecret', ['spec', 'destination', 'name']],
  ['onepassword.com/OnePasswordItem', ['metadata', 'name']],
])

// With sops the values of a Secret are encrypted where they stand, and a field of that name says how.
const isEncrypted = (object: unknown): boolean => asRecord(ownProperty(object, 'sops')) !== undefined

/** What an object tells of all that; undefined where it tells nothing. */
export const holdingOf = ({ object, apiVersion, kind }: PlacedObject): Holding | undefined => {
  const name = textAt(object, 'metadata', 'name') ?? ''
  const named = { namespace: textAt(object, 'metadata', 'namespace') ?? '', name }
  const maker = makers.get(`${groupOf(apiVersion)}/${kind}`)
  if (maker !== undefined) return { ...named, kind: 'elsewhere', name: textAt(object, ...maker) ?? name }
  if (kind === 'RuntimeClass' && groupOf(apiVersion) === 'node.k8s.io')
    return { kind: 'runtime-class', name, scheduling: runtimeClassOf(object) }
  if (apiVersion !== 'v1') return undefined
  switch (kind) {
    case 'Secret': {
      if (isEncrypted(object)) return { ...named, kind: 'elsewhere' }
      const secret = { type: textAt(object, 'type') ?? 'Opaque', data: dataOf(object) }
      return { ...named, kind: 'secret', secret }
    }
    case 'ServiceAccount':
      return { ...named, kind: 'account', imagePullSecrets: secretNames(ownProperty(object, 'imagePullSecrets')) }
    case 'Namespace': {
      const mode = textAt(ownProperty(ownProperty(object, 'metadata'), 'labels'), modeLabel)
      return mode === undefined ? undefined : { kind: 'namespace', name, mode }
    }
    default:
      return undefined
  }
}
