import type { Answer } from '../../../src/demo/distribution.ts'
import type { As, Asked } from './asked.ts'
import { said, saidJson } from './said.ts'
import { tokenFor, type World } from './shape.ts'

/** How a token server behaves. */
export interface TokenTerms {
  /** Whether POST is served, or how it is not. */
  readonly post: 'served' | Answer
  /** The members of an answer to GET, and what stands in it besides. */
  readonly members: readonly string[]
  readonly more?: object
  /** Says no, or nothing. */
  readonly refuse: (who: As, repository: string) => Answer | undefined
  /** Whose token it is that somebody gets; his own if nothing is said. */
  readonly takenFor?: (who: As) => As
}

/** An answer without a word. */
export const nothing = (status: number): Answer => said(status, 'text/plain', '')

/** A token server that serves POST by OAuth 2.0, or does not, and GET by the distribution project's specification. */
export const tokenEndpoint =
  ({ post, members, more = {}, refuse, takenFor = who => who }: TokenTerms) =>
  (asked: Asked, world: World): Answer => {
    if (asked.method === 'POST' && post !== 'served') return post
    const no = refuse(asked.who, asked.repository)
    if (no !== undefined) return no
    const token = tokenFor(takenFor(asked.who), world)
    const named = asked.method === 'POST' ? ['access_token'] : members
    return saidJson(200, { ...Object.fromEntries(named.map(member => [member, token])), ...more })
  }
