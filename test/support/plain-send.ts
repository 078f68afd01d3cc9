import { request } from 'undici'
import { fail, ok } from '../../src/lib/result.ts'
import { translateError } from '../../src/registry/network-error.ts'
import type { Request, Send } from '../../src/registry/send.ts'

const listOf = (value: string | string[] | undefined): readonly string[] => (value === undefined ? [] : [value].flat())

/** Sends requests over real sockets, with neither pools nor guards, and notes them. */
export const plainSend = (): { readonly send: Send; readonly sent: Request[] } => {
  const sent: Request[] = []
  const send: Send = async (asked, signal) => {
    sent.push(asked)
    const { method, url, headers, body, host, step, mostBytes } = asked
    try {
      const answer = await request(url, { method, headers, body: body ?? null, signal })
      const bytes = new Uint8Array(await answer.body.arrayBuffer())
      if (bytes.length > mostBytes)
        return fail({ host, step, kind: 'bad-answer', problem: 'too-large', status: undefined })
      const lines = (name: string): readonly string[] => listOf(answer.headers[name])
      return ok({ status: answer.statusCode, header: name => lines(name).at(-1), lines, body: bytes })
    } catch (error) {
      return fail({ host, step, ...translateError(error, signal) })
    }
  }
  return { send, sent }
}
