import { describe, expect, test } from 'vitest'
import { ownCredentialsOf } from '../../../../src/registry/hosts/k3s/own-credentials.ts'
import { parseRegistriesYaml } from '../../../../src/registry/hosts/k3s/parse-registries-yaml.ts'

const ownOf = (text: string): Readonly<Record<string, unknown>> => {
  const yaml = parseRegistriesYaml(text)
  if (!yaml.ok) throw new Error(yaml.error.what)
  return Object.fromEntries(ownCredentialsOf(yaml.value))
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const auth = (fields: string): string => `configs: {a.b: {auth: {${fields}}}}`

describe('what a node of K3s holds for a host', () => {
  test.each<[what: string, fields: string, expected: unknown]>([
    ['is a name and a password', 'username: u, password: p', { username: 'u', password: 'p' }],
    ['is a name alone', 'username: u', { username: 'u', password: '' }],
    [
      'is the name before anything else',
      'username: u, password: p, identity_token: t, auth: eA==',
      { username: 'u', password: 'p' },
    ],
    [
      'is an identity token before the text in base64',
      `identity_token: t, auth: ${base64('u:p')}`,
      { username: '', password: 't' },
    ],
    ['is the text in base64', `auth: ${base64('u:p:q')}`, { username: 'u', password: 'p:q' }],
    ['has no NULs round its password', `auth: ${base64('u:\0p\0\0')}`, { username: 'u', password: 'p' }],
    [
      'is an identity token where no name is before the colon',
      `auth: "${base64(':t')}"`,
      { username: '', password: 't' },
    ],
    ['passes over line ends', `auth: "dT\\npw"`, { username: 'u', password: 'p' }],
    ['is malformed without the padding', 'auth: dTpwcA', 'malformed'],
    ['is malformed with a blank', 'auth: "dTpw "', 'malformed'],
    ['is malformed without a colon', `auth: ${base64('user')}`, 'malformed'],
    ['is malformed where it is no UTF-8', `auth: ${Buffer.from([0x75, 0x3a, 0xff]).toString('base64')}`, 'malformed'],
    ['is nothing where a password has no name', 'password: p', undefined],
    ['is nothing where nothing is said', '', undefined],
  ])('%s', (_, fields, expected) => expect(ownOf(auth(fields))['a.b']).toEqual(expected))

  const of = (name: string): string => `auth: {username: ${name}, password: p}`
  const holder = (name: string) => ({ username: name, password: 'p' })

  test('is looked up by the very name that is written: neither `*` nor another port will do', () =>
    expect(ownOf(`configs: {"*": {${of('all')}}, "a.b:5000": {${of('port')}}}`)).toEqual({
      '*': holder('all'),
      'a.b:5000': holder('port'),
    }))

  test('counts for the host of Docker Hub by either name, and by its own name first', () => {
    const host = 'registry-1.docker.io'
    expect(ownOf(`configs: {docker.io: {${of('alias')}}}`)).toEqual({ [host]: holder('alias') })
    for (const text of [
      `{${host}: {${of('host')}}, docker.io: {${of('alias')}}}`,
      `{docker.io: {${of('alias')}}, ${host}: {${of('host')}}}`,
    ])
      expect(ownOf(`configs: ${text}`)).toEqual({ [host]: holder('host') })
  })
})
