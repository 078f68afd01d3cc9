import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { propertyAt } from '../../src/lib/untrusted.ts'
import type { KubeObject } from '../cluster/real/client.ts'
import { good } from './scenario.ts'
import { openStage, type Stage } from './stage.ts'

const namespace = 'recovery-shop'
const own = 'recovery'
const host = 'open.shop.test'
const wrong = `${host}/web:v9`
// Pods are made, and wait for a node that there is not.
const nowhere = { nodeSelector: { 'pullgate.test/none': 'none' } }
// Of a Job's lost pods the second comes back after twenty seconds.
const withinMs = 60_000

let stage: Stage

beforeAll(async () => {
  stage = await openStage({ name: own, configuration: { cache: { foundSeconds: 0, absentSeconds: 0 } } })
  await stage.openNamespace(namespace)
})
afterAll(() => stage.close())

const templateOf = (name: string, image: string, more: object = {}) => ({
  metadata: { labels: { app: name } },
  spec: { containers: [{ name: 'app', image }], ...nowhere, ...more },
})

const workloadOf = (kind: string, name: string, image: string, within = namespace): KubeObject => {
  const selector = { matchLabels: { app: name } }
  const metadata = { name, namespace: within }
  if (kind === 'Job') {
    const template = templateOf(name, image, { restartPolicy: 'Never' })
    return { apiVersion: 'batch/v1', kind, metadata, spec: { completions: 2, parallelism: 2, template } }
  }
  const spec = { replicas: 2, selector, template: templateOf(name, image) }
  if (kind === 'ReplicationController')
    return { apiVersion: 'v1', kind, metadata, spec: { ...spec, selector: { app: name } } }
  return { apiVersion: 'apps/v1', kind, metadata, spec: kind === 'StatefulSet' ? { ...spec, serviceName: name } : spec }
}

const podsOf = async (name: string, within = namespace): Promise<readonly string[]> => {
  const pods = await stage.cluster.client.list('v1', 'Pod', within, `labelSelector=app%3D${name}`)
  return pods
    .filter(({ metadata }) => metadata['deletionTimestamp'] === undefined)
    .map(({ metadata }) => metadata.uid ?? '')
}

const untilPods = (name: string, count: number, not: readonly string[] = [], within = namespace) =>
  expect
    .poll(async () => (await podsOf(name, within)).filter(uid => !not.includes(uid)).length, { timeout: withinMs })
    .toBe(count)

const admitted = async (kind: string, name: string, image: string): Promise<readonly string[]> => {
  const { status, warnings } = await stage.cluster.client.create(workloadOf(kind, name, image))
  expect({ status, warnings }).toEqual({ status: 201, warnings: [] })
  await untilPods(name, kind === 'StatefulSet' ? 1 : 2)
  return podsOf(name)
}

const deletePods = (name: string) =>
  stage.kubectl(['-n', namespace, 'delete', 'pods', '-l', `app=${name}`, '--force', '--grace-period=0', '--wait=false'])

/** What may become of a registry once its image was let in. */
const misfortunes = {
  'is down': {
    strike: async () => {
      stage.hosts.setDown(host, true)
      // And nobody remembers what it said.
      await stage.serving.stop()
      await stage.serving.start()
    },
    relieve: () => stage.hosts.setDown(host, false),
  },
  'has the image no more': { strike: async (name: string) => stage.hosts.untag(host, name, '1'), relieve: () => {} },
} as const

describe('pods that a controller makes', () => {
  const kinds = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Job']
  test.each(kinds.flatMap(kind => (['is down', 'has the image no more'] as const).map(what => [kind, what] as const)))(
    'of a %s come back when the registry %s',
    async (kind, what) => {
      const name = `${kind}-${what.replaceAll(' ', '-')}`.toLowerCase()
      stage.hosts.put(host, name, '1')
      const before = await admitted(kind, name, `${host}/${name}:1`)
      const { strike, relieve } = misfortunes[what]
      await strike(name)
      try {
        expect(await deletePods(name)).toMatchObject({ code: 0 })
        await untilPods(name, before.length, before)
      } finally {
        relieve()
      }
    },
  )

  test('come back, and what asks anew is told', async () => {
    const anew = { ...workloadOf('Deployment', 'anew', `${host}/deployment-has-the-image-no-more:1`) }
    expect((await stage.cluster.client.create(anew)).status).toBe(403)
  })

  test('become more, and are rolled over, while the registry is down', async () => {
    const before = await admitted('Deployment', 'growing', good)
    stage.hosts.setDown(host, true)
    try {
      expect(await stage.kubectl(['-n', namespace, 'scale', 'deployment/growing', '--replicas=4'])).toMatchObject({
        code: 0,
      })
      await untilPods('growing', 4)
      expect(await stage.kubectl(['-n', namespace, 'rollout', 'restart', 'deployment/growing'])).toMatchObject({
        code: 0,
      })
      const sets = () => stage.cluster.client.list('apps/v1', 'ReplicaSet', namespace, 'labelSelector=app%3Dgrowing')
      await expect.poll(async () => (await sets()).length, { timeout: withinMs }).toBe(2)
      expect(before).toHaveLength(2)
    } finally {
      stage.hosts.setDown(host, false)
    }
  })
})

const applying = async (within: string, name: string, image: string) => {
  await writeFile(
    join(stage.folder, 'object.yaml'),
    JSON.stringify({ ...workloadOf('Deployment', name, image, within) }),
  )
  const before = await stage.serving.reviews()
  const ended = await stage.kubectl(['apply', '-f', 'object.yaml'])
  return { ...ended, reviews: (await stage.serving.reviews()) - before }
}

const denied = {
  code: 1,
  stdout: '',
  stderr: expect.stringMatching(/denied the request: image .* not found .*\[not-found\]\n$/),
}
const warned = (name: string) => ({
  code: 0,
  stdout: `deployment.apps/${name} created\n`,
  stderr: expect.stringMatching(/^Warning: image .* not found .*\[not-found\]\n$/),
})
const silent = (name: string) => ({ code: 0, stdout: `deployment.apps/${name} created\n`, stderr: '' })

describe('a namespace', () => {
  // A registry that was down is left alone for some seconds.
  beforeAll(async () => {
    await stage.openNamespace('recovery-asked')
    await writeFile(
      join(stage.folder, 'asked.yaml'),
      JSON.stringify(workloadOf('Deployment', 'wrong', wrong, 'recovery-asked')),
    )
    const asked = () => stage.kubectl(['apply', '--dry-run=server', '-f', 'asked.yaml'])
    await vi.waitFor(async () => expect(await asked()).toMatchObject(denied), { timeout: withinMs, interval: 200 })
  })

  test.each([
    ['without a mode has the one of all', undefined, denied],
    ['of the mode enforce is protected', 'enforce', denied],
    ['of the mode warn is warned', 'warn', warned('wrong')],
    ['of the mode audit is told nothing', 'audit', silent('wrong')],
    ['of a mode that there is not has the one of all', 'enforced', denied],
  ] as const)('%s', async (_, mode, expected) => {
    const within = `recovery-mode-${mode ?? 'none'}`
    await stage.openNamespace(within, mode === undefined ? {} : { 'pullgate.dev/mode': mode })
    expect(await applying(within, 'wrong', wrong)).toMatchObject(expected)
  })

  test('of the mode off is not asked about', async () => {
    await stage.openNamespace('recovery-mode-off', { 'pullgate.dev/mode': 'off' })
    expect(await applying('recovery-mode-off', 'wrong', wrong)).toMatchObject({ ...silent('wrong'), reviews: 0 })
  })

  test.each(['audit', 'warn'])('of the mode %s has an Event on what would be denied', async mode => {
    const about = 'fieldSelector=involvedObject.kind%3DDeployment,involvedObject.name%3Dwrong,reason%3DImageNotPullable'
    const events = () => stage.cluster.client.list('v1', 'Event', `recovery-mode-${mode}`, about)
    await expect.poll(async () => (await events()).length, { timeout: withinMs }).toBe(1)
    expect((await events())[0]).toMatchObject({ type: 'Warning', message: expect.stringContaining('has no tag "v9"') })
  })

  test('whose label changes has the other mode from then on', async () => {
    const within = 'recovery-mode-changing'
    await stage.openNamespace(within)
    const label = (value: string) => stage.kubectl(['label', '--overwrite', 'namespace', within, value])
    const answer = async () =>
      (await stage.cluster.client.create(workloadOf('Deployment', 'wrong', wrong, within), true)).status
    expect(await answer()).toBe(403)
    expect(await label('pullgate.dev/mode=warn')).toMatchObject({ code: 0 })
    await expect.poll(answer, { timeout: withinMs }).toBe(201)
    expect(await label('pullgate.dev/mode=enforce')).toMatchObject({ code: 0 })
    await expect.poll(answer, { timeout: withinMs }).toBe(403)
    expect(await label('pullgate.dev/mode-')).toMatchObject({ code: 0 })
    expect(await answer()).toBe(403)
  })
})

const podCreation = async (): Promise<{ readonly status: number; readonly message: string }> => {
  const { status, body } = await stage.cluster.client.create(workloadOf('Deployment', 'meanwhile', good), true)
  return { status, message: String(propertyAt(body, 'message') ?? '') }
}

describe.each(['Ignore', 'Fail'] as const)('with the failure policy %s', failurePolicy => {
  test('Pullgate’s own namespace goes to nothing and comes back while nobody answers', async () => {
    const name = `pullgate-${failurePolicy.toLowerCase()}`
    const scale = (replicas: number) =>
      stage.kubectl(['-n', own, 'scale', `deployment/${name}`, `--replicas=${replicas}`])
    await stage.cluster.client.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: own, labels: { 'pullgate.test/stage': own } },
    })
    await stage.serving.register(failurePolicy)
    const before = await stage.serving.reviews()
    // What is wrong with its image is nobody's to say but the node's.
    expect((await stage.cluster.client.create(workloadOf('Deployment', name, wrong, own))).status).toBe(201)
    await untilPods(name, 2, [], own)
    expect(await scale(0)).toMatchObject({ code: 0, stderr: '' })
    await untilPods(name, 0, [], own)
    expect(await stage.serving.reviews()).toBe(before)

    await stage.serving.stop()
    const met =
      failurePolicy === 'Ignore'
        ? { status: 201 }
        : { status: 500, message: expect.stringContaining('failed calling webhook "workloads.pullgate.dev"') }
    await expect.poll(podCreation, { timeout: withinMs }).toMatchObject(met)
    expect(await scale(2)).toMatchObject({ code: 0, stderr: '' })
    await untilPods(name, 2, [], own)
    await stage.serving.start()
    expect(await podCreation()).toMatchObject({ status: 201 })
    const wrongOne = await stage.cluster.client.create(workloadOf('Deployment', 'wrong', wrong), true)
    expect(wrongOne.status).toBe(403)
  })

  test('objects can be scaled and deleted while nobody answers', async () => {
    const name = `deleted-${failurePolicy.toLowerCase()}`
    await admitted('Deployment', name, good)
    await stage.serving.stop()
    const run = (...args: readonly string[]) => stage.kubectl(['-n', namespace, ...args])
    expect(await run('scale', `deployment/${name}`, '--replicas=0')).toMatchObject({ code: 0, stderr: '' })
    expect(await run('label', 'deployment', name, 'a=b')).toMatchObject({ code: 0, stderr: '' })
    await untilPods(name, 0)
    expect(await run('delete', 'deployment', name, '--wait=false')).toMatchObject({ code: 0, stderr: '' })
    await stage.serving.start()
  })
})

test('with the failure policy Fail, deleted pods stay away while nobody answers, until the registration is deleted', async () => {
  const name = 'staying-away'
  await stage.serving.register('Fail')
  await admitted('Deployment', name, good)
  await stage.serving.stop()
  await expect.poll(podCreation, { timeout: withinMs }).toMatchObject({ status: 500 })
  expect(await deletePods(name)).toMatchObject({ code: 0 })
  const failures = async (): Promise<string> => {
    const sets = await stage.cluster.client.list('apps/v1', 'ReplicaSet', namespace, `labelSelector=app%3D${name}`)
    return JSON.stringify(sets.map(({ status }) => propertyAt(status, 'conditions')))
  }
  await expect.poll(failures, { timeout: withinMs }).toContain('failed calling webhook \\"pods.pullgate.dev\\"')
  expect(await podsOf(name)).toEqual([])
  // What docs/operate.md says for an emergency; no webhook is asked about it.
  expect(await stage.kubectl(['delete', 'validatingwebhookconfiguration', own])).toMatchObject({ code: 0 })
  await untilPods(name, 2)
  await stage.serving.start()
  await stage.serving.register('Ignore')
})
