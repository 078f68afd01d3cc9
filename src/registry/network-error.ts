import type { NetworkProblem, ProbeFailure } from './failure.ts'

/** The part of a failure that an exception tells. */
export type NetworkFailure =
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'unreachable'; readonly problem: NetworkProblem }
  | { readonly kind: 'bad-answer'; readonly problem: 'not-a-registry'; readonly status: undefined }

const problems: Readonly<Record<string, NetworkProblem>> = {
  ENOTFOUND: 'no-such-host',
  EAI_AGAIN: 'resolver-failed',
  EAI_FAIL: 'resolver-failed',
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-lost',
  EPIPE: 'connection-lost',
  UND_ERR_SOCKET: 'connection-lost',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  EADDRNOTAVAIL: 'no-route',
  EAFNOSUPPORT: 'no-route',
  EINVAL: 'no-route',
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-untrusted',
  // What OpenSSL says when the first bytes of the answer are those of HTTP.
  ERR_SSL_WRONG_VERSION_NUMBER: 'not-https',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'not-https',
  ERR_SSL_HTTP_REQUEST: 'not-https',
  ERR_PULLGATE_PROXY_AUTH: 'proxy-auth',
  ERR_PULLGATE_PROXY_REFUSED: 'proxy-refused',
}

const timeouts = new Set(['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return ''
  const { code } = error as Error & { readonly code?: unknown }
  return typeof code === 'string' ? code : codeOf(error.cause)
}

// undici's parser throws an error without a code.
const isNoHttp = (error: unknown): boolean => error instanceof Error && error.name === 'HTTPParserError'

/** What an exception of the HTTP client means. The one place where they are read; no text of theirs goes further. */
export const translateError = (error: unknown, signal: AbortSignal): NetworkFailure => {
  if (signal.aborted) return { kind: 'timed-out' }
  const code = codeOf(error)
  if (timeouts.has(code)) return { kind: 'timed-out' }
  if (code === 'ERR_PULLGATE_BLOCKED') return { kind: 'blocked' }
  if (isNoHttp(error) || code === 'UND_ERR_HEADERS_OVERFLOW')
    return { kind: 'bad-answer', problem: 'not-a-registry', status: undefined }
  const problem = problems[code] ?? (code.startsWith('ERR_SSL_') ? 'tls-failed' : 'connection-lost')
  return { kind: 'unreachable', problem } satisfies Partial<ProbeFailure>
}
