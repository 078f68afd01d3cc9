import { describe, expect, test } from 'vitest'
import { saidIn } from '../../src/credentials/provider/provider-problem.ts'

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg'

describe('of what a provider says on its standard error', () => {
  test.each<[what: string, stderr: string, kept: string]>([
    ['nothing is nothing', '', ''],
    ['blank lines are nothing', '\n \r\n\t\n', ''],
    ['the last line stands for all', 'one\ntwo\n\n', 'two'],
    [
      'the first line that speaks of trouble goes before the last',
      'start\nError: expired\nUsage:\n  x',
      'Error: expired',
    ],
    ['a password is left out', 'login failed: password=hunter2 user=me', 'login failed: password=… user=me'],
    ['a password in JSON is left out', 'bad request: {"password": "hunter2"}', 'bad request: {"password": "…"}'],
    ['a token is left out', `invalid token ${jwt}`, 'invalid token ….….…'],
    ['a key is left out', 'denied: AKIAABCDEFGHIJKLMNOP', 'denied: …'],
    ['a header is left out', 'failed with Authorization: Bearer abc.def', 'failed with Authorization: … …'],
    [
      'a login in a URL is left out',
      'cannot reach https://u:p@a.example/x?k=v',
      'cannot reach https://…@a.example/x?…',
    ],
    ['a long line is cut', `failed ${'ab cd '.repeat(50)}`, `failed ${'ab cd '.repeat(50)}`.slice(0, 160)],
  ])('%s', (_, stderr, kept) => {
    expect(saidIn(stderr)).toBe(kept)
  })
})
