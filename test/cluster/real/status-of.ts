import { Agent, request } from 'undici'

const answerMs = 5000

/** The status that a program of ours answers with, whatever certificate it shows: some make their own. */
export const statusOf = async (url: string): Promise<number> => {
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } })
  try {
    const { statusCode, body } = await request(url, { dispatcher, signal: AbortSignal.timeout(answerMs) })
    await body.dump()
    return statusCode
  } finally {
    await dispatcher.destroy()
  }
}
