import type { Intercept } from '../../../src/demo/registry.ts'
import { type BearerGateOptions, bearerGate, type TokenServerOptions } from '../token-server.ts'
import { always, inTurn } from './answers.ts'
import type { Scene } from './fault.ts'
import type { Lab } from './lab.ts'

/** A credential that the token servers know. */
export const good = { username: 'ci', password: 'right' }

/** One that they no longer know. */
export const stale = { username: 'ci', password: 'expired' }

/** A registry that wants tokens of a server like this. */
export const gated = async (
  lab: Lab,
  tokenOptions: TokenServerOptions,
  { behind, ...gate }: Partial<BearerGateOptions> & { readonly behind?: Intercept } = {},
) => {
  const tokens = await lab.tokens({ accounts: [good], ...tokenOptions })
  const guard = bearerGate({ tokens, ...gate })
  const registry = await lab.registry({ intercept: behind === undefined ? guard : inTurn(guard, behind) })
  return { tokens, image: `${registry.host}/shop/web:1` }
}

/** One that sends everybody to this realm. */
export const sentTo = async (lab: Lab, realm: string): Promise<Scene> => {
  const challenge = always(401, { 'www-authenticate': `Bearer realm="${realm}",service="registry.example"` })
  return { image: `${(await lab.registry({ intercept: challenge })).host}/shop/web:1`, credential: good }
}
