import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { mapSideBySide } from '../../src/lib/side-by-side.ts'
import type { Code } from '../../src/verdict/codes.ts'
import { compareCodes } from '../../src/verdict/codes.ts'
import type { KubeObject } from '../cluster/real/client.ts'
import type { Ended } from './run-program.ts'
import { type Expected, type Scenario, surroundingsOf, workloadOf } from './scenario.ts'
import { scenarioNodes, scenarios } from './scenarios.ts'
import { openStage, type Stage } from './stage.ts'

const applied = 'scenarios-applied'
const standing = 'scenarios-standing'
const sideBySide = 8

let stage: Stage

const nodeOf = ({ name, architecture, images }: (typeof scenarioNodes)[number]): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    labels: {
      'kubernetes.io/arch': architecture,
      'kubernetes.io/os': 'linux',
      'pullgate.dev/nodes': 'scenarios',
      'pullgate.dev/scenarios': architecture,
    },
  },
  // Pods of others do not count it among theirs.
  spec: { taints: [{ key: 'pullgate.dev/scenarios', effect: 'NoSchedule' }] },
  status: {
    nodeInfo: { architecture, operatingSystem: 'linux', containerRuntimeVersion: 'containerd://2.1.0' },
    images: images.map(image => ({ names: [image], sizeBytes: 1 })),
  },
})

const makeNode = async (node: KubeObject): Promise<void> => {
  const { client } = stage.cluster
  await client.apply(node)
  const path = `/api/v1/nodes/${node.metadata.name}/status`
  const { status } = await client.request('PATCH', path, { status: node['status'] }, 'application/merge-patch+json')
  expect(status).toBe(200)
}

const writeManifests = async (folder: string, objects: (row: Scenario) => readonly KubeObject[]): Promise<void> => {
  await mkdir(join(stage.folder, folder))
  for (const row of scenarios)
    await writeFile(
      join(stage.folder, folder, `${row.name}.yaml`),
      objects(row)
        .map(each => stringify(each))
        .join('---\n'),
    )
}

beforeAll(async () => {
  stage = await openStage({ name: 'scenarios' })
  const { client } = stage.cluster
  await stage.openNamespace(applied)
  await stage.openNamespace(standing, { 'pullgate.dev/mode': 'off' })
  await mapSideBySide(scenarioNodes, 2, node => makeNode(nodeOf(node)))
  const around = [applied, standing].flatMap(namespace => scenarios.flatMap(row => surroundingsOf(row, namespace)))
  await mapSideBySide(around, sideBySide, object => client.apply(object))
  await writeManifests('applied', row => [workloadOf(row, applied)])
  await writeManifests('alone', row => [...surroundingsOf(row, applied), workloadOf(row, applied)])
})

const counts: string[] = []

afterAll(async () => {
  console.log(`scenarios: ${scenarios.length} rows; ${counts.join(', ')}`)
  for (const { name } of scenarioNodes)
    await stage.cluster.client.remove({ apiVersion: 'v1', kind: 'Node', metadata: { name } })
  await stage.close()
})

const resources = {
  Pod: ['pod', 'pods'],
  Deployment: ['deployment.apps', 'workloads'],
  StatefulSet: ['statefulset.apps', 'workloads'],
  DaemonSet: ['daemonset.apps', 'workloads'],
  ReplicaSet: ['replicaset.apps', 'workloads'],
  Job: ['job.batch', 'workloads'],
  CronJob: ['cronjob.batch', 'workloads'],
} as const

/** The addresses behind hosts are others in each run. */
const written = (line: string): string =>
  line.replaceAll(/(?<= )@([\w.-]*\w)/g, (_, host) => stage.hosts.addressOf(host))

/** What kubectl says, word by word, when a manifest is applied. */
const toldBy = ({ name, kind = 'Pod', action, line = '' }: Scenario): Ended => {
  const [resource, hook] = resources[kind]
  if (action === 'deny') {
    const head = `Error from server (Forbidden): error when creating "applied/${name}.yaml"`
    return {
      code: 1,
      stdout: '',
      stderr: `${head}: admission webhook "${hook}.pullgate.dev" denied the request: ${written(line)}\n`,
    }
  }
  return { code: 0, stdout: `${resource}/${name} created\n`, stderr: line === '' ? '' : `Warning: ${written(line)}\n` }
}

describe.concurrent('the webhook, by kubectl apply', () => {
  test.for(scenarios.map(row => [row.name, row] as const))('%s', async ([, row], { expect }) => {
    expect(await stage.kubectl(['apply', '-f', `applied/${row.name}.yaml`])).toEqual(toldBy(row))
  })
  counts.push(`serve ${scenarios.length}`)
})

test('an image that is no text is refused by the API server itself, and by check with its place', async () => {
  const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: textless, namespace: ${applied}}\nspec: {containers: [{name: app, image: 3}]}\n`
  const told = await stage.kubectl(['apply', '--validate=false', '-f', '-'], pod)
  expect(told).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('cannot unmarshal number into Go struct field'),
  })
  await writeFile(join(stage.folder, 'textless.yaml'), pod)
  const checked = await stage.pullgate('check', 'textless.yaml')
  expect(checked).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('textless.yaml:4:40: spec.containers[0].image is a number'),
  })
})

interface Finding {
  readonly code: Code
  readonly action: 'deny' | 'warn'
  readonly object: { readonly name: string }
}

type Found = ReadonlyMap<string, Expected>

const expectedOf = (findings: readonly Finding[]): Expected => ({
  action: findings.some(({ action }) => action === 'deny') ? 'deny' : findings.length > 0 ? 'warn' : 'pass',
  codes: [...new Set(findings.map(({ code }) => code))].toSorted(compareCodes),
})

const foundIn = (json: string): Found => {
  const { findings } = JSON.parse(json) as { readonly findings: readonly Finding[] }
  const byName = Map.groupBy(findings, ({ object }) => object.name)
  return new Map(scenarios.map(({ name }) => [name, expectedOf(byName.get(name) ?? [])]))
}

const faces: Readonly<Record<string, { readonly args: readonly string[]; readonly of: (row: Scenario) => Expected }>> =
  {
    'check, without a cluster': {
      args: ['check', 'alone', '--platform', 'linux/amd64', '-o', 'json', '--timeout', '5'],
      of: row => row.alone ?? row.outside ?? row,
    },
    'check --cluster': {
      args: ['check', 'applied', '--cluster', '-o', 'json', '--timeout', '5'],
      of: row => row.outside ?? row,
    },
    audit: { args: ['audit', '-n', standing, '-o', 'json'], of: row => row.outside ?? row },
  }

describe.for(Object.entries(faces))('%s', ([name, { args, of }]) => {
  let ended: Ended
  let found: Found
  beforeAll(async () => {
    // It stands already when it is audited.
    const { client } = stage.cluster
    if (name === 'audit') {
      await mapSideBySide(scenarios, sideBySide, row => client.apply(workloadOf(row, standing)))
      const labels = { 'pullgate.dev/mode': 'enforce', 'pullgate.test/stage': 'scenarios' }
      await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: standing, labels } })
    }
    ended = await stage.pullgate(...args)
    found = foundIn(ended.stdout)
  })

  test('says something of all', () => {
    expect(ended).toMatchObject({ code: 1, stderr: '' })
    counts.push(`${name} ${found.size}`)
  })
  test.for(scenarios.map(row => [row.name, row] as const))('%s', ([, row]) => {
    const { action, codes } = of(row)
    expect(found.get(row.name)).toEqual({ action, codes })
  })
})
