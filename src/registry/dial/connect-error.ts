/** Codes of the connector's own errors, beside those of Node and undici; what the kernel or the resolver has a code for has theirs. */
export type ConnectErrorCode =
  | 'ERR_PULLGATE_BLOCKED'
  | 'ERR_PULLGATE_PROXY_AUTH'
  | 'ERR_PULLGATE_PROXY_REFUSED'
  | 'ENOTFOUND'
  | 'ETIMEDOUT'

/** An error that undici carries from the connector to the one place that reads it. It tells no address. */
export const connectError = (code: ConnectErrorCode): Error => Object.assign(new Error(code), { code })

/** Whether an error has this code. */
export const hasCode = (error: unknown, code: ConnectErrorCode): boolean =>
  error instanceof Error && 'code' in error && error.code === code
