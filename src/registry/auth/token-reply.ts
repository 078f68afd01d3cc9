import { fail, type Result } from '../../lib/result.ts'
import type { AskedAs, ProbeFailure } from '../failure.ts'
import { retryAfterMs } from '../retry-after.ts'
import type { Reply } from '../send.ts'
import { problemOf } from '../status.ts'
import { readToken, type Token, type TokenForm } from './token-answer.ts'

/** Who asked whom for a token, and in which way. */
export interface TokenAsked {
  readonly host: string
  readonly form: TokenForm
  readonly askedAs: AskedAs
}

/** The token in a server's reply, or why there is none. */
export const tokenFrom = (reply: Result<Reply, ProbeFailure>, asked: TokenAsked): Result<Token, ProbeFailure> => {
  if (!reply.ok) return reply
  const { status, body } = reply.value
  // CRI-O takes no other than 200.
  const isGood = asked.form === 'cri-o' ? status === 200 : status >= 200 && status < 300
  if (!isGood) return fail(refusalOf(reply.value, asked))
  const token = readToken(body, asked.form)
  if (token.ok) return token
  return fail({ host: asked.host, step: 'token', kind: 'bad-answer', problem: token.error, status: undefined })
}

/** A page for people with status 403 comes from something in front of the server, which may treat the nodes otherwise. */
const isPage = (reply: Reply): boolean => /^\s*text\/html\b/i.test(reply.header('content-type') ?? '')

/**
 * Azure's registries answer 401 to wrong credentials, and 403 where a firewall shuts out the address that asks: the nodes'
 * may be another.
 */
const isFirewall = (status: number, host: string): boolean =>
  status === 403 && /\.azurecr\.(?:io|cn|us)(?::\d+)?$/.test(host)

const refusalOf = (reply: Reply, { host, askedAs }: TokenAsked): ProbeFailure => {
  const at = { host, step: 'token' } as const
  const { status } = reply
  if (status === 429) return { ...at, kind: 'rate-limited', retryAfterMs: retryAfterMs(reply.header('retry-after')) }
  if (isFirewall(status, host) || (status === 403 && isPage(reply)))
    return { ...at, kind: 'bad-answer', problem: 'not-a-registry', status }
  if (status === 401 || status === 403) return { ...at, kind: 'refused', status, askedAs }
  // OAuth 2.0 says "invalid_grant" with 400 to a wrong password; to nobody's question it says no more than "bad request".
  if (status === 400 && askedAs === 'credentials') return { ...at, kind: 'refused', status, askedAs }
  return { ...at, kind: 'bad-answer', problem: problemOf(status), status }
}
