import { text } from 'node:stream/consumers'

/** A name and a password, as the kubelet's protocol has them. */
export interface Auth {
  readonly username: string
  readonly password: string
}

/** The kubelet's question. */
export interface Question {
  readonly image: string
  /** The token of the pod's ServiceAccount, where the kubelet was told to send one. */
  readonly serviceAccountToken?: string
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>
}

/** Reads the question from the standard input. */
export const readQuestion = async (): Promise<Question> => {
  const question = JSON.parse(await text(process.stdin))
  if (question.kind !== 'CredentialProviderRequest') throw new Error(`unexpected kind ${question.kind}`)
  return question
}

/** Prints an answer. */
export const respond = (cacheKeyType: string, cacheDuration: string, auth: Readonly<Record<string, Auth>>): void => {
  const version = { kind: 'CredentialProviderResponse', apiVersion: 'credentialprovider.kubelet.k8s.io/v1' }
  console.log(JSON.stringify({ ...version, cacheKeyType, cacheDuration, auth }))
}
