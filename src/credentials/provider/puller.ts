/** In whose name an image is pulled. */
export interface Puller {
  readonly namespace: string
  /** Undefined or empty where the pod has none, as a static pod has not. */
  readonly serviceAccount: string | undefined
}

/** A ServiceAccount as far as providers are told of it. */
export interface Account {
  readonly uid: string
  readonly annotations: ReadonlyMap<string, string>
}

/** Finds a ServiceAccount; undefined where there is none, or where it cannot be read. */
export type FindAccount = (namespace: string, name: string, signal: AbortSignal) => Promise<Account | undefined>

/** For whom and for what audience a token is wanted. */
export interface TokenRequest {
  readonly namespace: string
  readonly serviceAccount: string
  readonly uid: string
  readonly audience: string
}

/** Requests a ServiceAccount's token; undefined where none is to be had. */
export type RequestToken = (request: TokenRequest, signal: AbortSignal) => Promise<string | undefined>
