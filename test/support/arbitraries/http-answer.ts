import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { oddCharacter } from './text.ts'

/** What stands in every answer that a person could read; none of it may come out at the other end. */
export const prose = 'PROSE-OF-A-STRANGER'

/** In the place of which a server puts its own host and port. */
export const ownHost = '{{host}}'

/** How a server ends an answer: leaves the connection open, ends it, resets it, or gives it out byte by byte without an end. */
export type Ending = 'keep' | 'end' | 'reset' | 'drip'

/** One answer as it is written, right or not, and what follows on it. */
export interface HttpAnswer {
  readonly text: string
  readonly ending: Ending
}

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)

const status = pick(
  ...[200, 200, 200, 200, 200, 200, 401, 401, 404, 404, 403, 429, 302, 307, 400, 405, 500, 503].map(
    code => `HTTP/1.1 ${code} ${prose}`,
  ),
  ...['HTTP/1.0 200 OK', 'HTTP/1.1 206 x', 'HTTP/1.1 204 x', 'HTTP/1.1 304 x', 'HTTP/1.1 100 x', 'HTTP/1.1 101 x'],
  ...[
    'HTTP/1.1 200',
    'HTTP/1.1 099 x',
    'HTTP/1.1 999 x',
    'HTTP/2 200 OK',
    'HTTP/9.9 200 OK',
    'SSH-2.0-x',
    'http/1.1 200 OK',
    '',
  ],
)

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`
const oci = 'application/vnd.oci.image'
const config = '{"architecture":"amd64","os":"linux"}'
const manifest = JSON.stringify({
  mediaType: `${oci}.manifest.v1+json`,
  config: { mediaType: `${oci}.config.v1+json`, digest: digestOf(config), size: config.length },
  layers: [],
})
const bodies = [
  ...['', config, manifest, '{"tags":["1.0","latest"]}', '{"tags":[1,null,{}]}', `{"token":"abc","expires_in":60}`],
  ...['MANIFEST_UNKNOWN', 'NAME_UNKNOWN', 'DENIED', 'TOOMANYREQUESTS'].map(
    code => `{"errors":[{"code":"${code}","message":"${prose}","detail":"${prose}"}]}`,
  ),
  ...[`<html>${prose}</html>`, '{"manifests":[]}', '[', '\u0000\uffff', prose.repeat(5000), '{"a":'.repeat(5000)],
]

/** Digests of which the bodies have one. */
export const askedDigests = [config, manifest].map(digestOf)

const header = pick(
  ...[
    `Content-Type: ${oci}.manifest.v1+json`,
    `Content-Type: ${oci}.index.v1+json`,
    'Content-Type: text/html',
    'Content-Type: ;;',
  ],
  ...[...askedDigests, 'sha256:../../x', prose].map(digest => `Docker-Content-Digest: ${digest}`),
  ...[`Bearer realm="http://${ownHost}/token",service="s"`, `Bearer realm="http://${ownHost}/token",scope="a,b"`].map(
    challenge => `WWW-Authenticate: ${challenge}`,
  ),
  ...[
    'Basic realm="r"',
    'Bearer realm="http://169.254.169.254/"',
    'Bearer realm="://"',
    'Bearer',
    'Digest',
    `${prose}=`,
  ].map(challenge => `WWW-Authenticate: ${challenge}`),
  ...[
    `http://${ownHost}/elsewhere`,
    `https://${ownHost}/`,
    '/',
    '//[',
    'http://169.254.169.254/',
    `http://u:p@${ownHost}/`,
    'x:y',
    '',
  ].map(place => `Location: ${place}`),
  ...[
    'Retry-After: 1',
    'Retry-After: 99999999999',
    `Retry-After: ${prose}`,
    'RateLimit-Limit: 100;w=21600',
    'RateLimit-Remaining: 0',
  ],
  ...[
    '</v2/a/b/tags/list?last=x>; rel="next"',
    `<http://${ownHost}/v2/a/b/tags/list>; rel="next"`,
    '<//[>; rel=next',
  ].map(link => `Link: ${link}`),
  ...[
    'Content-Encoding: gzip',
    'Content-Length: 5',
    'Content-Length: -1',
    'Content-Length: 1000000000000',
    'Content-Length: x',
  ],
  ...[
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip, chunked',
    'Connection: close',
    'Connection: upgrade',
    'Upgrade: h2c',
  ],
  ...[
    `X-${prose}: ${prose}`,
    ': x',
    'NoColon',
    ' folded',
    `__proto__: ${prose}`,
    'constructor: x',
    `X-Long: ${'x'.repeat(20_000)}`,
    'X: \u0000',
    'X: é',
  ],
)

const framed = (body: string, frame: number): readonly [headers: readonly string[], body: string] => {
  if (frame < 6) return [[`Content-Length: ${Buffer.byteLength(body)}`], body]
  const chunk = `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`
  if (frame < 8) return [['Transfer-Encoding: chunked'], body === '' ? '0\r\n\r\n' : chunk]
  return frame < 9 ? [['Transfer-Encoding: chunked'], 'zz\r\n'] : [[], body]
}

const written = fc
  .tuple(status, fc.array(header, { maxLength: 4 }), pick(...bodies), fc.nat({ max: 9 }))
  .map(([first, headers, body, frame]) => {
    const [framing, content] = framed(body, frame)
    return `${[first, ...framing, ...headers].join('\r\n')}\r\n\r\n${content}`
  })

type Damage = (text: string, at: number, odd: string) => string
const damages: readonly Damage[] = [
  ...Array.from({ length: 6 }, (): Damage => text => text),
  (text, at) => text.slice(0, at % (text.length + 1)),
  (text, at, odd) => text.slice(0, at % (text.length + 1)) + odd + text.slice((at % (text.length + 1)) + 1),
  text => text.replaceAll('\r\n', '\n'),
  text => text + text,
  text => `HTTP/1.1 103 Early\r\nLink: </x>\r\n\r\n${text}`,
]

const nearlySound = fc
  .tuple(written, pick(...damages), fc.nat({ max: 400 }), oddCharacter)
  .map(([text, harm, at, odd]) => harm(text, at, odd))
const noise = fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes).toString('latin1'))

/** What a server may write to a request: HTTP, nearly HTTP, and noise. */
export const httpAnswer: fc.Arbitrary<HttpAnswer> = fc.record(
  {
    text: fc.oneof({ arbitrary: nearlySound, weight: 12 }, { arbitrary: noise, weight: 1 }),
    ending: pick<Ending>('keep', 'keep', 'keep', 'keep', 'end', 'end', 'end', 'reset', 'drip'),
  },
  { noNullPrototype: true },
)
