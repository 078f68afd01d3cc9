import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { version } from '../../src/commands/version.ts'
import { helmProgram } from '../chart/helm.ts'
import { type StandingCluster, standingCluster } from '../cluster/real/standing-cluster.ts'
import { blocksOf } from '../docs/blocks.ts'
import { boxImage } from '../node/machine/box-image.ts'
import { push } from '../registries/push.ts'
import { imageLayout } from './built.ts'
import { readLayout } from './layout.ts'
import { oneNodeValues } from './one-node.ts'

const root = join(import.meta.dirname, '../..')

let cluster: StandingCluster
let bin = ''

const values = (): object => ({
  ...oneNodeValues(cluster),
  webhook: {
    port: 10446,
    // Others use this cluster at the same time.
    namespaceSelector: {
      matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['pullgate-trial', 'shop'] }],
    },
  },
  metrics: { port: 10447 },
  config: { registries: { certsDir: ['/etc/certs.d'] }, serve: { drainSeconds: 1 } },
})

/** What a reader types, made to fit a cluster of one node. */
const fitted = (block: string): string => block.replaceAll('--replicas=2', '--replicas=1')

const fittedBlocks = async (page: string): Promise<readonly string[]> => (await blocksOf(page)).map(fitted)

interface Ended {
  readonly code: number
  readonly said: string
}

const shell = (script: string): Promise<Ended> =>
  new Promise(resolve => {
    const env = {
      PATH: `${bin}:${process.env['PATH']}`,
      HOME: bin,
      KUBECONFIG: cluster.kubeconfig,
      GOOD_IMAGE: `${cluster.machine.registries.open}/shop/page:1.4.0`,
    }
    execFile('bash', ['-euo', 'pipefail', '-c', script], { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: `${stdout}${stderr}` }),
    )
  })

const furnish = async (): Promise<void> => {
  bin = await mkdtemp(join(tmpdir(), 'pullgate-pages-'))
  await writeFile(join(bin, 'values.json'), JSON.stringify(values()))
  // The page's values count more than these, as they come later.
  const helm = `#!/usr/bin/env bash
case $1 in
  install | upgrade) exec ${helmProgram} "$1" --values ${bin}/values.json "\${@:2}" ;;
  *) exec ${helmProgram} "$@" ;;
esac
`
  await writeFile(join(bin, 'helm'), helm)
  await chmod(join(bin, 'helm'), 0o755)
  await symlink(cluster.kubectl, join(bin, 'kubectl'))
}

beforeAll(async () => {
  cluster = await standingCluster()
  await furnish()
  const { open } = cluster.machine.registries
  await push({ url: `http://${open}`, repository: 'pullgate/pullgate', tag: version }, await readLayout(imageLayout()))
  await push({ url: `http://${open}`, repository: 'shop/page', tag: '1.4.0' }, boxImage('pullgate-pages'))
  for (const name of ['pullgate-system', 'shop'])
    await cluster.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  const metadata = { name: 'certs-d', namespace: 'pullgate-system' }
  const data = { 'hosts.toml': `server = "http://${open}"\n` }
  await cluster.client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data })
})

afterAll(async () => {
  await shell('helm uninstall pullgate --namespace pullgate-system --ignore-not-found')
  await shell('kubectl delete namespace shop pullgate-trial pullgate-system --ignore-not-found --wait=false')
  await rm(bin, { recursive: true })
})

const refused = 'kubectl --namespace pullgate-trial create deployment web --image="$GOOD_IMAGE-typo" --dry-run=server'

it('the commands of docs/install.md and docs/operate.md do what the pages say', async () => {
  const [install, operate] = [await fittedBlocks('install.md'), await fittedBlocks('operate.md')]
  expect([install.length, operate.length].every(count => count > 4)).toBe(true)
  const trial = install.findIndex(block => block.includes('typo'))
  for (const [at, block] of install.slice(0, -1).entries()) {
    const ended = await shell(block)
    expect({ block, ...ended }).toMatchObject({ code: 0 })
    if (at === trial) expect(ended.said).toContain('[not-found]')
  }
  for (const block of operate) expect({ block, ...(await shell(block)) }).toMatchObject({ code: 0 })
  // After all this, with a new authority and the first values again, it still knows what it is there for.
  await expect
    .poll(async () => (await shell(refused)).said, { timeout: 30_000, interval: 500 })
    .toContain('[not-found]')
  const uninstall = install.at(-1) ?? ''
  expect({ uninstall, ...(await shell(uninstall)) }).toMatchObject({ code: 0 })
})
