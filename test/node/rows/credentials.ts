import { badSecret, denied, deniedWithout, doubted, doubts, type Row, runs } from '../row.ts'
import {
  absent,
  auth,
  auths,
  cfg,
  encoded,
  nameless,
  opaque,
  raw,
  realRight,
  right,
  rightAuth,
  second,
  wrong,
  wrongAuth,
} from '../secrets.ts'

const at = 'closed.test'

const needless = doubted(['missing-pull-secret'], 'runs', doubts.needless)

/** Which secrets count, and in which order. */
// biome-ignore format: a row is a line
const secrets: readonly Row[] = [
  { name: 'no secret', at, expect: denied },
  { name: 'the right one', at, secrets: [auths({ [at]: right })], expect: runs },
  { name: 'the right one of the older type', at, secrets: [cfg({ [at]: right })], expect: runs },
  { name: 'another account that may', at, secrets: [auths({ [at]: second })], expect: runs },
  { name: 'a wrong password', at, secrets: [auths({ [at]: wrong })], expect: denied },
  { name: 'an unknown user', at, secrets: [auths({ [at]: { username: 'nobody', password: 'right' } })], expect: denied },
  { name: 'for another host', at, secrets: [auths({ 'open.test': right })], expect: denied },
  { name: 'of no type that counts', at, secrets: [opaque({ [at]: right })], expect: deniedWithout },
  { name: 'of no type that counts, beside the right one', at, secrets: [opaque({}), auths({ [at]: right })], expect: needless },
  { name: 'a name without a secret', at, secrets: [absent], expect: deniedWithout },
  { name: 'a name without a secret, and an image that anybody may pull', secrets: [absent], expect: needless },
  { name: 'a name without a secret, and then the right one', at, secrets: [absent, auths({ [at]: right })], expect: needless },
  { name: 'wrong, then right', at, secrets: [auths({ [at]: wrong }), auths({ [at]: right })], expect: runs },
  { name: 'right, then wrong', at, secrets: [auths({ [at]: right }), auths({ [at]: wrong })], expect: runs },
  { name: 'wrong, and wrong otherwise', at, secrets: [auths({ [at]: wrong }), auths({ [at]: { username: 'x', password: 'y' } })], expect: denied },
  { name: 'the same twice', at, secrets: [auths({ [at]: right }), cfg({ [at]: right })], expect: runs },
  { name: 'wrong in one key and right in another of one secret', at, secrets: [auths({ [at]: wrong, [`https://${at}/`]: right })], expect: runs },
  { name: 'for another host, beside the right one', at, secrets: [auths({ 'open.test': wrong }), auths({ [at]: right })], expect: runs },
  { name: 'that nobody asks for', secrets: [auths({ 'open.test': wrong })], expect: runs },
  { name: 'of the account', at, account: [auths({ [at]: right })], expect: runs },
  { name: 'of the account, and wrong', at, account: [auths({ [at]: wrong })], expect: denied },
  { name: 'of the account, and none there', at, account: [absent], expect: deniedWithout },
  { name: 'of the account, and malformed', at, account: [raw('{"auths":[]}')], expect: badSecret },
  { name: 'a wrong one of the pod, and so none of the account', at, secrets: [auths({ [at]: wrong })], account: [auths({ [at]: right })], expect: denied },
  { name: 'a nameless entry of the pod, and so none of the account', at, secrets: [nameless], account: [auths({ [at]: right })], expect: denied },
  { name: 'two of the account', at, account: [auths({ [at]: wrong }), auths({ [at]: right })], expect: runs },
]

/** How an entry may be written. */
// biome-ignore format: a row is a line
const entries: readonly Row[] = [
  { name: 'auth', at, secrets: [auths({ [at]: auth(rightAuth) })], expect: runs },
  { name: 'auth, wrong', at, secrets: [auths({ [at]: auth(wrongAuth) })], expect: denied },
  { name: 'auth is right, and the name beside it wrong', at, secrets: [auths({ [at]: { ...wrong, auth: rightAuth } })], expect: runs },
  { name: 'auth is wrong, and the name beside it right', at, secrets: [auths({ [at]: { ...right, auth: wrongAuth } })], expect: denied },
  { name: 'auth is empty, and the name beside it right', at, secrets: [auths({ [at]: { ...right, auth: '' } })], expect: runs },
  { name: 'auth without its padding', at, secrets: [auths({ [at]: auth(rightAuth.replaceAll('=', '')) })], expect: runs },
  { name: 'auth on two lines', at, secrets: [auths({ [at]: auth(`${rightAuth.slice(0, 6)}\n${rightAuth.slice(6)}`) })], expect: runs },
  { name: 'auth with a newline at its end', at, secrets: [auths({ [at]: auth(`${rightAuth}\n`) })], expect: runs },
  { name: 'auth with a space in it', at, secrets: [auths({ [at]: auth(`${rightAuth.slice(0, 6)} ${rightAuth.slice(6)}`) })], expect: badSecret },
  { name: 'auth that is not base64', at, secrets: [auths({ [at]: auth('robot:right') })], expect: badSecret },
  { name: 'auth in the alphabet for URLs', at, secrets: [auths({ [at]: auth(encoded('robot:>>>???').replaceAll('+', '-').replaceAll('/', '_')) })], expect: badSecret },
  { name: 'auth without a colon', at, secrets: [auths({ [at]: auth(encoded('robot')) })], expect: badSecret },
  { name: 'auth with two colons', at, secrets: [auths({ [at]: auth(encoded('robot:right:')) })], expect: denied },
  { name: 'auth made by echo, with a newline in the password', at, secrets: [auths({ [at]: auth(encoded('robot:right\n')) })], expect: denied },
  { name: 'auth of an empty name', at, secrets: [auths({ [at]: auth(encoded(':right')) })], expect: denied },
  { name: 'an empty entry, as a credential store leaves it', at, secrets: [auths({ [at]: {} })], expect: denied },
  { name: 'null for an entry', at, secrets: [auths({ [at]: null })], expect: denied },
  { name: 'an identity token alone', at, secrets: [auths({ [at]: { identitytoken: 'right' } })], expect: denied },
  { name: 'a name without a password', at, secrets: [auths({ [at]: { username: 'robot' } })], expect: denied },
  { name: 'a password without a name', at, secrets: [auths({ [at]: { password: 'right' } })], expect: denied },
  { name: 'a password that is a number', at, secrets: [auths({ [at]: { username: 'robot', password: 1 } })], expect: badSecret },
  { name: 'an entry that is a text', at, secrets: [raw(JSON.stringify({ auths: { [at]: 'robot:right' } }))], expect: badSecret },
  { name: 'auths that is a list', at, secrets: [raw('{"auths":[]}')], expect: badSecret },
  { name: 'auths that is a text', at, secrets: [raw('{"auths":"x"}')], expect: badSecret },
  { name: 'auths that is null', at, secrets: [raw('{"auths":null}')], expect: denied },
  { name: 'no auths', at, secrets: [raw('{}')], expect: denied },
  { name: 'no auths but credHelpers', at, secrets: [raw(`{"credHelpers":{"${at}":"x"},"credsStore":"y"}`)], expect: denied },
  { name: 'fields in capitals', at, secrets: [raw(`{"AUTHS":{"${at}":{"UserName":"robot","PASSWORD":"right"}}}`)], expect: runs },
  { name: 'the same key twice, and the last is right', at, secrets: [raw(`{"auths":{"${at}":{"username":"robot","password":"wrong"},"${at}":{"username":"robot","password":"right"}}}`)], expect: runs },
  { name: 'fields that nobody knows', at, secrets: [raw(JSON.stringify({ HttpHeaders: { a: 'b' }, auths: { [at]: { ...right, email: 'a@b.test', more: 1 } } }))], expect: runs },
  { name: 'a newline after it all', at, secrets: [raw(`${JSON.stringify({ auths: { [at]: right } })}\n`)], expect: runs },
  { name: 'malformed, beside the right one', at, secrets: [auths({ [at]: right }), raw('{"auths":[]}')], expect: badSecret },
  { name: 'malformed, for an image that anybody may pull', secrets: [raw('{"auths":[]}')], expect: badSecret },
  { name: 'malformed in an entry for another host', at, secrets: [auths({ [at]: right, 'open.test': auth('?') })], expect: badSecret },
  { name: 'malformed, of the older type', at, secrets: [cfg({ [at]: auth('?') })], expect: badSecret },
]

const key = (name: string, expect: Row['expect'], image?: string): Row => ({
  name: `the key ${name}`,
  at,
  secrets: [auths({ [name]: right })],
  expect,
  ...(image === undefined ? {} : { image }),
})

/** Which keys match an image. */
// biome-ignore format: a row is a line
const keys: readonly Row[] = [
  key(`https://${at}`, runs),
  key(`http://${at}`, runs),
  key(`${at}/`, runs),
  key(`https://${at}/v1/`, runs),
  key(`https://${at}/v2/`, runs),
  key(`https://${at}/v2`, denied),
  key(`${at}:443`, denied),
  key(`${at}:80`, denied),
  key('CLOSED.test', denied),
  key('*.test', runs),
  key('closed.*', runs),
  key('*.*', runs),
  key('cl?sed.test', denied),
  key('[bc]losed.test', denied),
  key('close[.test', denied),
  key('*', denied),
  key(`*.${at}`, denied),
  key('closed', denied),
  key('test', denied),
  key('[', denied),
  key(`https://user@${at}`, runs),
  key(`${at}?x=1`, runs),
  key(`ftp://${at}`, denied),
  key(`${at}/%id`, runs),
  key(`${at}/%id/app`, runs),
  key(`${at}/%id/ap`, runs),
  key(`${at}/%id/`, runs),
  key(`${at}/%id/app/`, denied),
  key(`${at}/c`, runs),
  key(`${at}/other`, denied),
  key(`${at}/*`, denied),
  key(`${at}/%id/app:1`, denied),
  key(`https://${at}/v2/%id`, runs),
  { name: 'a longer path is wrong, and the host right', at, secrets: [auths({ [`${at}/%id`]: wrong, [at]: right })], expect: runs },
  { name: 'a longer path is right, and the host wrong', at, secrets: [auths({ [`${at}/%id`]: right, [at]: wrong })], expect: runs },
  { name: 'a wildcard is wrong, and the host right', at, secrets: [auths({ '*.test': wrong, [at]: right })], expect: runs },
  { name: 'a key that is no address, beside the right one', at, secrets: [auths({ '%zz': wrong, [at]: right })], expect: runs },
  { name: 'the key of a host with a port', at: 'closed.test:5000', secrets: [auths({ 'closed.test:5000': right })], expect: runs },
  { name: 'the key of a host with a port, without it', at: 'closed.test:5000', secrets: [auths({ [at]: right })], expect: denied },
]

const hub = (name: string, entries: Parameters<typeof auths>[0], expect: Row['expect']): Row => ({
  name: `Docker Hub: ${name}`,
  at: 'docker.io',
  repository: 'closed/%id',
  image: 'closed/%id:1',
  secrets: [auths(entries)],
  expect,
})

/** Docker Hub's keys; it is reached through a mirror, which gets the same credentials. */
// biome-ignore format: a row is a line
const hubKeys: readonly Row[] = [
  hub('its usual key', { 'https://index.docker.io/v1/': right }, runs),
  hub('its usual key without the last slash', { 'https://index.docker.io/v1': right }, denied),
  hub('docker.io', { 'docker.io': right }, runs),
  hub('https://docker.io/v1/', { 'https://docker.io/v1/': right }, runs),
  hub('index.docker.io', { 'index.docker.io': right }, runs),
  hub('registry-1.docker.io', { 'registry-1.docker.io': right }, denied),
  hub('hub.docker.com', { 'hub.docker.com': right }, denied),
  hub('auth.docker.io', { 'auth.docker.io': right }, denied),
  hub('a path at docker.io', { 'docker.io/closed': right }, runs),
  hub('another path at docker.io', { 'docker.io/other': right }, denied),
  hub('a path at its index', { 'https://index.docker.io/v1/closed': right }, denied),
  hub('docker.io before the usual key', { 'docker.io': wrong, 'https://index.docker.io/v1/': right }, denied),
  hub('a wildcard before the usual key', { '*.io': wrong, 'https://index.docker.io/v1/': right }, denied),
  hub('a wildcard for docker.io', { '*.docker.io': right }, denied),
  hub('nothing for it', { 'open.test': right }, denied),
]

const bearer = 'bearer.test'

/** Registries that want a token. */
// biome-ignore format: a row is a line
const tokens: readonly Row[] = [
  { name: 'a token for nobody, who may not', at: bearer, expect: denied },
  { name: 'a token for the right account', at: bearer, secrets: [auths({ [bearer]: right })], expect: runs },
  { name: 'no token for a wrong password', at: bearer, secrets: [auths({ [bearer]: wrong })], expect: denied },
  { name: 'a token for an account that may not read this', at: bearer, secrets: [auths({ [bearer]: second })], expect: denied },
  { name: 'wrong, then right, for tokens', at: bearer, secrets: [auths({ [bearer]: wrong }), auths({ [bearer]: right })], expect: runs },
  { name: 'an identity token as a password without a name', at: bearer, secrets: [auths({ [bearer]: { password: 'right' } })], expect: denied },
  { name: 'a token for anybody', at: 'public.test', expect: runs },
  { name: 'a token for anybody, and a wrong password', at: 'public.test', secrets: [auths({ 'public.test': wrong })], expect: denied },
  { name: 'a token for anybody, and a name without a password', at: 'public.test', secrets: [auths({ 'public.test': { username: 'robot' } })], expect: runs },
  { name: 'a token for anybody, and an empty entry', at: 'public.test', secrets: [auths({ 'public.test': {} })], expect: runs },
  { name: 'a token for anybody, and a tag that is not there', at: 'public.test', image: '$:gone', expect: { codes: ['not-found'], end: 'ErrImagePull' } },
]

/** The real registry with a password, as Debian packages it. */
// biome-ignore format: a row is a line
const real: readonly Row[] = [
  { name: 'docker-registry, which lets anybody in', at: 'real.test', expect: runs },
  { name: 'docker-registry, and a tag that is not there', at: 'real.test', image: '$:gone', expect: { codes: ['not-found'], end: 'ErrImagePull' } },
  { name: 'docker-registry, and a repository that is not there', at: 'real.test', image: 'real.test/%id/gone:1', expect: { codes: ['not-found'], end: 'ErrImagePull' } },
  { name: 'docker-registry with a password, and none given', at: 'real-closed.test', expect: denied },
  { name: 'docker-registry with a password, and the right one given', at: 'real-closed.test', secrets: [auths({ 'real-closed.test': realRight })], expect: runs },
  { name: 'docker-registry with a password, and a wrong one given', at: 'real-closed.test', secrets: [auths({ 'real-closed.test': wrong })], expect: denied },
]

/** In whose name images are pulled. */
export const credentials: readonly Row[] = [...secrets, ...entries, ...keys, ...hubKeys, ...tokens, ...real]
