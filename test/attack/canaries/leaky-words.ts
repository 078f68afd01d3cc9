import type { Dialogue } from '../../../src/registry/dialogue.ts'
import type { Observe } from '../../../src/registry/observe.ts'
import type { Send } from '../../../src/registry/send.ts'
import type { Pieces } from './composed.ts'

/** Tells as the failing host the address that failed, whole. */
export const tellingAddresses = (): Pick<Pieces, 'desk' | 'dialogue'> => {
  let last = ''
  const desk =
    (send: Send): Send =>
    async (request, signal) => {
      const reply = await send(request, signal)
      const told = reply.ok ? (reply.value.header('location') ?? reply.value.lines('www-authenticate').join()) : ''
      last = /https?:[^"]*@[^"]*/.exec(told)?.[0] ?? last
      return reply
    }
  const dialogue = (made: Dialogue): Dialogue => ({
    ...made,
    resolve: async (pull, signal) => {
      const answer = await made.resolve(pull, signal)
      return answer.ok ? answer : { ok: false, error: { ...answer.error, host: last || answer.error.host } }
    },
  })
  return { desk, dialogue }
}

/** Tells onlookers the address as it is. */
export const observingWhole =
  (observe: Observe) =>
  (send: Send): Send =>
  async (request, signal) => {
    const { method, url, step } = request
    observe({ method, url, step, outcome: 200, tookMs: 0 })
    return send(request, signal)
  }

/** Prints what goes along with each request. */
export const printingHeaders =
  (send: Send): Send =>
  (request, signal) => {
    console.log(request.step, request.headers)
    return send(request, signal)
  }
