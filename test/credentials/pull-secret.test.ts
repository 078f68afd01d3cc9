import { describe, expect, test } from 'vitest'
import { type PullSecret, readPullSecret } from '../../src/credentials/pull-secret.ts'

const secret = (type: string, key: string, text: string): PullSecret => ({
  type,
  data: new Map([[key, Buffer.from(text)]]),
})
const json = 'kubernetes.io/dockerconfigjson'
const cfg = 'kubernetes.io/dockercfg'
const configJson = '{"auths":{"a":{"username":"u"}}}'

describe('a secret gives', () => {
  test.each<[what: string, given: PullSecret, expected: string]>([
    ['entries, when type and key go together', secret(json, '.dockerconfigjson', configJson), 'a'],
    ['entries in the old form', secret(cfg, '.dockercfg', '{"a":{}}'), 'a'],
    ['no entries, and no harm, when there are none', secret(json, '.dockerconfigjson', '{}'), ''],
    ['nothing usable with another type', secret('Opaque', '.dockerconfigjson', configJson), 'unusable'],
    ['nothing usable with the other type', secret(cfg, '.dockerconfigjson', configJson), 'unusable'],
    ['nothing usable with the other key', secret(json, '.dockercfg', configJson), 'unusable'],
    ['nothing usable with a key of its own', secret(json, 'config.json', configJson), 'unusable'],
    ['nothing usable when it is empty', secret(json, '.dockerconfigjson', ''), 'unusable'],
    ['nothing usable without data', { type: json, data: new Map() }, 'unusable'],
    [
      'nothing usable with a type that objects have',
      secret('constructor', '.dockerconfigjson', configJson),
      'unusable',
    ],
    ['a problem when it is blank', secret(json, '.dockerconfigjson', '\n'), 'not-json'],
    ['a problem when it is of the wrong shape', secret(json, '.dockerconfigjson', '{"auths":[]}'), 'wrong-shape'],
    ['a problem when its auth is no base64', secret(cfg, '.dockercfg', '{"a":{"auth":"!"}}'), 'bad-base64'],
    ['a problem when its auth has no colon', secret(cfg, '.dockercfg', '{"a":{"auth":"YWE="}}'), 'no-colon'],
    ['no problem when nobody would read the broken key', secret('Opaque', '.dockercfg', '{'), 'unusable'],
  ])('%s', (_, given, expected) => {
    const read = readPullSecret(given)
    expect(read.ok ? read.value.map(({ place }) => place).join(' ') : read.error).toBe(expected)
  })
})
