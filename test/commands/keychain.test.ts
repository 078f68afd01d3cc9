import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clusterKeychain } from '../../src/commands/keychain.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import { directoryForTest, pathOf, writeProgram } from '../credentials/programs.ts'
import { referenceOf } from '../support/reference-of.ts'

const providers = JSON.stringify({
  apiVersion: 'kubelet.config.k8s.io/v1',
  kind: 'CredentialProviderConfig',
  providers: [
    {
      name: 'helper',
      matchImages: ['*.example.com'],
      defaultCacheDuration: '0s',
      apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
    },
  ],
})

test('what a credential provider says of its trouble is logged once a minute', async () => {
  const binDir = await directoryForTest()
  const config = join(binDir, 'config.json')
  await writeFile(config, providers)
  await writeProgram(binDir, 'helper', `printf 'no role \\033[31m for this node\\n' >&2; exit 1`)
  const lines: string[] = []
  let now = 0
  const keychain = await clusterKeychain({
    credentials: { dockerConfig: undefined, providers: { config, binDir }, nodesMayHave: [] },
    nodeFiles: { registriesConf: undefined },
    hasCrio: () => false,
    sources: undefined,
    environment: pathOf(),
    nowMs: () => now,
    log: text => void lines.push(text),
  })
  const ask = async (image: string): Promise<void> => {
    const pullAs = { namespace: 'shop', serviceAccount: 'default', imagePullSecrets: [] }
    const find = await keychain({ pullAs, addsAccountSecrets: false }, false, deadlineIn(5000))
    await find(referenceOf(image), deadlineIn(5000))
  }
  await ask('registry.example.com/shop/web:1')
  await ask('registry.example.com/shop/other:1')
  expect(lines).toEqual(['The credential provider helper failed. It said: no role \\u{1b}[31m for this node'])
  now = 60_000
  await ask('registry.example.com/shop/web:1')
  expect(lines).toHaveLength(2)
})
