import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Certificate, makeCertificate } from '../../src/webhook/certificate.ts'
import {
  type CertificateFiles,
  type FilesWatch,
  readCertificateFiles,
  watchCertificateFiles,
} from '../../src/webhook/certificate-files.ts'
import { closedAfterTest } from '../support/lifetime.ts'

const make = () => makeCertificate(['hook'], new Date(), 60 * 60 * 1000)
const [a, b] = [await make(), await make()]

const filesWith = async ({ cert, key }: Pick<Certificate, 'cert' | 'key'>): Promise<CertificateFiles> => {
  const folder = await mkdtemp(join(tmpdir(), 'pullgate-certificate-'))
  closedAfterTest({ close: () => rm(folder, { recursive: true }) })
  const files = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') }
  await Promise.all([writeFile(files.cert, cert), writeFile(files.key, key)])
  return files
}

test('a certificate and its key are read', async () => {
  expect(await readCertificateFiles(await filesWith(a))).toMatchObject({
    ok: true,
    value: { cert: a.cert, key: a.key },
  })
})

test.each([
  ['a key of another certificate', { cert: a.cert, key: b.key }, 'is not the key of the certificate in'],
  ['no certificate', { cert: 'x', key: a.key }, 'holds no certificate (PEM).'],
  ['no key', { cert: a.cert, key: 'x' }, 'holds no private key (PEM).'],
])('files with %s are told of in one sentence', async (_, content, words) => {
  const read = await readCertificateFiles(await filesWith(content))
  expect(read.ok ? '' : read.error).toContain(words)
})

test('files that are not there are told of in one sentence', async () => {
  const read = await readCertificateFiles({ cert: '/no/tls.crt', key: '/no/tls.key' })
  expect(read).toMatchObject({ ok: false, error: expect.stringMatching(/^\/no\/tls\.crt is not there/) })
})

const watched = async (): Promise<{
  files: CertificateFiles
  used: Certificate[]
  said: string[]
  watch: FilesWatch
}> => {
  const files = await filesWith(a)
  const [used, said]: [Certificate[], string[]] = [[], []]
  const current = { ...a, ca: a.cert }
  const watch = watchCertificateFiles({
    ...{ files, everyMs: 1_000_000, current },
    use: certificate => used.push(certificate),
    log: text => said.push(text),
  })
  closedAfterTest({ close: async () => watch.close() })
  return { files, used, said, watch }
}

test('another certificate in the files is used once both belong together, and nothing is said of the moment between', async () => {
  const { files, used, said, watch } = await watched()
  await watch.look()
  await writeFile(files.cert, b.cert)
  await watch.look()
  expect(used).toEqual([])
  await writeFile(files.key, b.key)
  await watch.look()
  await watch.look()
  expect(used.map(({ cert }) => cert)).toEqual([b.cert])
  expect(said).toEqual([])
})

test('files that stay broken are told of once, and what was read before goes on', async () => {
  const { files, used, said, watch } = await watched()
  await writeFile(files.key, b.key)
  for (let looks = 0; looks < 4; looks++) await watch.look()
  expect(used).toEqual([])
  expect(said).toEqual([expect.stringMatching(/is not the key .* What was read before goes on\.$/)])
})
