import type { Draw } from '../attack/canaries/draw.ts'
import type { Greeting, Scene, SceneHost, Shelf, Shut, TokenRule, Wire } from './scene.ts'

const greetings: readonly Greeting[] = [
  ...(['open', 'open', 'basic', 'basic', 'basic', 'bearer', 'bearer', 'bearer', 'bearer', 'bearer'] as const),
  ...(['bearer with 200', 'basic, then bearer', 'bearer, then basic', 'digest', 'digest, then basic'] as const),
  ...(['nothing with 401', 'two in one line', 'bearer without realm', 'bearer after an empty service'] as const),
  ...(['bearer', 'bearer', 'bearer', 'basic', 'basic', 404, 403, 500] as const),
]
const shelves: readonly Shelf[] = [
  ...(['full', 'full', 'full', 'full', 'full', 'full', 'full', 'full', 'no tag', 'no tag', 'no repository'] as const),
  ...(['bare 404', 'broken', 'no child', 'no config', 'another image', 'no HEAD', 'HEAD 403', 'HEAD 404'] as const),
  ...(['HEAD 500', 'no digest', 'a page'] as const),
]
const shuts: readonly Shut[] = [401, 'insufficient scope', 'another scope', 403, 'hidden', 'bare 404']
const wires: readonly Wire[] = [
  ...(['tls', 'tls', 'tls', 'tls', 'tls', 'tls', 'tls', 'tls', 'tls', 'tls', 'tls', 'tls', 'plain', 'plain'] as const),
  ...(['stranger', 'closed'] as const),
]

const drawTokens = (draw: Draw): TokenRule => ({
  anonymous: draw.pick(['served', 'served', 'served', 401, 403] as const),
  wrong: draw.pick([401, 401, 403, 400] as const),
  right: draw.pick(['served', 'served', 'served', 'served', 'served', 'served', 500, 404, 201] as const),
  form: draw.pick([
    ...(['token', 'token', 'token', 'access_token', 'access_token', 'both', 'odd case'] as const),
    ...(['empty', 'a page', 'a number'] as const),
  ]),
})

const drawHost = (draw: Draw): SceneHost => ({
  wire: draw.pick(wires),
  insecure: draw.chance(0.25),
  greeting: draw.pick(greetings),
  wants: draw.pick(['as greeted', 'as greeted', 'as greeted', 'as greeted', 'nothing', 'basic', 'bearer'] as const),
  realm: draw.pick(['own', 'tokens'] as const),
  tokens: drawTokens(draw),
  readers: draw.pick(['everybody', 'reader', 'reader'] as const),
  shut: draw.pick(shuts),
  shelf: draw.pick(shelves),
})

const shown = ['nothing', 'right', 'right', 'right', 'wrong', 'no password', 'empty', 'identity token'] as const

/** Draws a pull. */
export const drawScene = (id: number, draw: Draw): Scene => ({
  name: `${id}`,
  hosts: [drawHost(draw), ...Array.from({ length: draw.pick([0, 0, 0, 1, 1, 2]) }, () => drawHost(draw))],
  shown: draw.pick(shown),
  by: draw.pick(['tag', 'tag', 'tag', 'digest'] as const),
  image: draw.pick(['index', 'single'] as const),
})
