import { createExchange } from '../../src/registry/exchange.ts'
import type { Request, Send } from '../../src/registry/send.ts'
import { closedAfterTest, registryOptions } from './lifetime.ts'

/** The real exchange, which lives as long as the test, and a note of what was sent through it. */
export const notingSend = (): { readonly send: Send; readonly sent: readonly Request[] } => {
  const { send } = closedAfterTest(createExchange({ ...registryOptions(), stalled: () => {} }))
  const sent: Request[] = []
  return {
    send: (request, signal) => {
      sent.push(request)
      return send(request, signal)
    },
    sent,
  }
}
