import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Scene, SceneHost } from './scene.ts'
import type { Sight } from './street.ts'
import { secrets, shownBy, tokenFor, type Who } from './who-shows.ts'

const formOf = (body: string): URLSearchParams => new URLSearchParams(body)

const whoAsks = (request: IncomingMessage, form: URLSearchParams): Who => {
  if (request.method === 'POST') return form.get('refresh_token') === secrets.identityToken ? 'reader' : 'wrong'
  const { who } = shownBy(request)
  return who === 'unproven' ? 'nobody' : who
}

/** What was asked, in an order that does not depend on who wrote it down. */
const told = (request: IncomingMessage, fields: URLSearchParams): string =>
  [request.method, ...[...fields].map(([name, value]) => `${name}=${value}`).sort(), shownBy(request).text].join(' ')

const bodyOf = ({ tokens }: SceneHost, who: Who, scopes: readonly string[]): string => {
  const token = tokenFor(who, scopes)
  switch (tokens.form) {
    case 'token':
      return JSON.stringify({ token, expires_in: 300 })
    case 'access_token':
      return JSON.stringify({ access_token: token })
    case 'both':
      return JSON.stringify({ access_token: tokenFor('wrong', []), token, refresh_token: 7 })
    case 'odd case':
      return JSON.stringify({ Token: token, EXPIRES_IN: 300, scope: 5 })
    case 'empty':
      return JSON.stringify({ token: '' })
    case 'a page':
      return '<html>Welcome</html>'
    case 'a number':
      return JSON.stringify({ token: 7 })
  }
}

const statusFor = ({ tokens }: SceneHost, who: Who): number => {
  if (who === 'wrong') return tokens.wrong
  if (who === 'nobody') return tokens.anonymous === 'served' ? 200 : tokens.anonymous
  return tokens.right === 'served' ? 200 : tokens.right
}

/** Answers as the token server of the host whose number the path has. */
export const answerForToken = async (
  { hosts }: Scene,
  request: IncomingMessage,
  response: ServerResponse,
  note: (sight: Sight) => void,
): Promise<void> => {
  const url = new URL(request.url ?? '', 'http://tokens')
  const host = hosts[Number(url.pathname.split('/')[2])]
  const form = formOf(request.method === 'POST' ? await text(request) : url.search)
  note({ host: 'tokens', what: 'token', shown: told(request, form) })
  if (host === undefined) return void response.writeHead(404).end()
  const who = whoAsks(request, form)
  const status = statusFor(host, who)
  const isGood = status >= 200 && status < 300
  const refusal = JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'no' }] })
  response
    .writeHead(status, { 'content-type': 'application/json', ...(status === 429 && { 'retry-after': '0' }) })
    .end(isGood ? bodyOf(host, who, form.getAll('scope')) : refusal)
}
