import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer } from 'node:tls'
import { beforeEach, describe, expect, it } from 'vitest'
import { closedAfterTest } from '../support/lifetime.ts'

const script = join(import.meta.dirname, '../../certs/make-development-certificate')

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullgate-certs-'))
  closedAfterTest({ close: () => rm(folder, { recursive: true }) })
})

const make = (...args: readonly string[]): Promise<{ readonly code: number; readonly stderr: string }> =>
  new Promise(resolve =>
    execFile(script, [...args], (error, _, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stderr }),
    ),
  )
const read = (file: string): Promise<string> => readFile(join(folder, file), 'utf8')

const handshake = async (servername: string): Promise<string | true> => {
  const [ca, cert, key] = await Promise.all(['ca.crt', 'tls.crt', 'tls.key'].map(read))
  const server = createServer({ cert, key }, socket => socket.end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', servername, ca })
  socket.resume()
  const outcome = await Promise.race([
    once(socket, 'secureConnect').then(() => true as const),
    once(socket, 'error').then(([error]) => error.code as string),
  ]).catch(error => error.code)
  socket.destroy()
  server.close()
  return outcome
}

describe('the script for development', () => {
  it('makes a certificate that a client of its authority trusts, for the names that were given', async () => {
    expect(await make(folder)).toMatchObject({ code: 0 })
    expect(await handshake('pullgate.pullgate-system.svc')).toBe(true)
    expect(await handshake('localhost')).toBe(true)
    expect(await handshake('other.example')).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
    expect(new X509Certificate(await read('tls.crt')).subjectAltName).toContain('IP Address:127.0.0.1')
    expect((await readdir(folder)).toSorted()).toEqual(['ca.crt', 'ca.key', 'tls.crt', 'tls.key'])
    for (const key of ['ca.key', 'tls.key']) expect((await stat(join(folder, key))).mode & 0o777).toBe(0o600)
  })

  it('renews a certificate with the authority that is there', async () => {
    await make(folder, 'one.example')
    const before = await Promise.all(['ca.crt', 'tls.crt'].map(read))
    await make(folder, 'two.example', '2001:db8::1')
    const after = await Promise.all(['ca.crt', 'tls.crt'].map(read))
    expect(after[0]).toBe(before[0])
    expect(after[1]).not.toBe(before[1])
    expect(await handshake('two.example')).toBe(true)
    expect(await handshake('one.example')).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  it.each([
    [[], 'which folder?'],
    [['FOLDER', 'a b'], '"a b" is neither a DNS name nor an address'],
    [['FOLDER', 'x,DNS:other.example'], 'is neither a DNS name nor an address'],
  ])('says what is wrong with %j', async (args, said) => {
    const { code, stderr } = await make(...args.map(arg => (arg === 'FOLDER' ? folder : arg)))
    expect(code).toBe(1)
    expect(stderr).toContain(said)
  })
})
