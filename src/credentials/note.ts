import type { ProviderProblem } from './provider/provider-problem.ts'

/** What was seen on the way to the credentials that a node would use; the words for it are the verdict's. */
export type CredentialNote =
  /** The secret does not exist: the kubelet pulls without it. */
  | { readonly kind: 'missing-secret'; readonly secret: string }
  /** The secret is of another type or lacks the key: the kubelet passes over it in silence. */
  | { readonly kind: 'unusable-secret'; readonly secret: string }
  /** The secret's content cannot be decoded: the kubelet pulls nothing for this pod. */
  | { readonly kind: 'malformed-secret'; readonly secret: string; readonly problem: SecretProblem }
  /** Something that the kubelet would read could not be read by us. */
  | {
      readonly kind: 'unreadable'
      readonly source: CredentialSource
      readonly name: string
      /** Of a credential provider that was asked. */
      readonly problem?: ProviderProblem
    }
  /** The nodes may hold credentials for this registry that nobody told us. */
  | { readonly kind: 'nodes-may-hold' }

/** The places that a node takes credentials from; a custom kind's controller may add some that are not written anywhere. */
export type CredentialSource = 'secret' | 'service-account' | 'provider' | 'docker-config' | 'controller'

/** What is wrong with a secret that cannot be decoded. */
export type SecretProblem = 'not-json' | 'wrong-shape' | 'bad-base64' | 'no-colon'
