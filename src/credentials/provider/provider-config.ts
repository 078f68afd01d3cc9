/** When credentials that a provider gave with a ServiceAccount's token are kept: for the account, or for that token alone. */
export type TokenCache = 'ServiceAccount' | 'Token'

/** What a provider wants to know of the ServiceAccount of the pod that pulls. */
export interface TokenTerms {
  readonly audience: string
  readonly cache: TokenCache
  /** Whether the provider is not asked for a pod without a ServiceAccount. */
  readonly requireServiceAccount: boolean
  /** Without one of these the provider is not asked. */
  readonly requiredAnnotations: readonly string[]
  readonly optionalAnnotations: readonly string[]
}

/** A credential provider: a program that is asked for credentials for the images of some registries. */
export interface ProviderConfig {
  /** The program's name in the directory of providers. */
  readonly name: string
  readonly matchImages: readonly string[]
  readonly defaultCacheMs: number
  /** Which version of question and answer it speaks. */
  readonly apiVersion: string
  readonly args: readonly string[]
  readonly env: readonly { readonly name: string; readonly value: string }[]
  readonly token: TokenTerms | undefined
}

/** The versions of question and answer that the kubelet knows; the first alone knows of ServiceAccounts. */
export const protocolVersions: readonly string[] = ['v1', 'v1beta1', 'v1alpha1'].map(
  version => `credentialprovider.kubelet.k8s.io/${version}`,
)
