import { request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import { text } from 'node:stream/consumers'

/** What to send beside the address. */
export interface Sending {
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The body of a good answer, fetched through the environment's proxies. Fails on any other. */
export const fetched = (url: string, { method, headers, body }: Sending): Promise<string> =>
  new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? requestTls : requestPlain
    const asked = request(url, { method, headers }, response => {
      text(response).then(
        told => (response.statusCode === 200 ? resolve(told) : reject(new Error(`${url}: ${response.statusCode}`))),
        reject,
      )
    })
    asked.on('error', reject).end(body)
  })
