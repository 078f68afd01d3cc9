import type { Answer } from '../../../src/demo/distribution.ts'
import type { As, Asked } from './asked.ts'
import { byTheBook, fromNetwork, handedTo, wantsToken } from './said.ts'
import { holderOf, type Speak, type World } from './shape.ts'

/** How a registry that wants tokens differs from others that do. */
export interface BearerTerms {
  readonly tokens: { readonly host: string; readonly path: string }
  readonly service: string
  /** The scope in the challenge, where it is not the repository's. */
  readonly scope?: string
  /** Where its blobs are. */
  readonly network?: string
  readonly handsOver?: 302 | 307
  readonly giveToken: (asked: Asked, world: World) => Answer
  /** Whether something is to be had without a token. */
  readonly isOpen?: (repository: string) => boolean
  /** Whether the holder of a token may read; the answer to one who may not. */
  readonly mayRead: (who: As, repository: string) => boolean
  readonly turnAway: (challenge: (error?: string) => Answer, asked: Asked, who: As) => Answer
  /** What a token that is no good gets; a challenge with `invalid_token` if nothing is said. */
  readonly expired?: () => Answer
  /** How its answers differ from the specification's. */
  readonly asItAnswers?: (answer: Answer, asked: Asked, world: World) => Answer
}

/** A registry with a token server, and perhaps a content network. */
export const bearerRegistry =
  (terms: BearerTerms): Speak =>
  world => {
    const { tokens, service, network, asItAnswers = (answer: Answer) => answer } = terms

    const serve = (asked: Asked): Answer => {
      const answer = byTheBook(world, asked)
      const isHandedOver = asked.isBlob && answer.status === 200 && network !== undefined
      return asItAnswers(isHandedOver ? handedTo(world, terms.handsOver ?? 307, network, asked) : answer, asked, world)
    }

    return asked => {
      if (asked.host === network) return fromNetwork(world, asked)
      if (asked.host === tokens.host && asked.path === tokens.path) return terms.giveToken(asked, world)
      const realm = `${world.origin(tokens.host)}${tokens.path}`
      const scope = terms.scope ?? `repository:${asked.repository}:pull`
      const challenge = (error?: string): Answer => wantsToken(realm, service, scope, error)
      if (terms.isOpen?.(asked.repository)) return serve(asked)
      if (asked.bearer === undefined && !asked.isBasic) return challenge()
      // Of the registries here only Harbor looks at a password that comes without its asking for one.
      const who = asked.bearer === undefined ? asked.who : holderOf(asked.bearer, world)
      if (who === undefined) return terms.expired?.() ?? challenge('invalid_token')
      return terms.mayRead(who, asked.repository) ? serve(asked) : terms.turnAway(challenge, asked, who)
    }
  }
