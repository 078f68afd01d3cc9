import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { KubeObject } from '../cluster/real/client.ts'
import type { Ended } from './run-program.ts'
import { good } from './scenario.ts'
import { openStage, type Stage } from './stage.ts'

const namespace = 'verbs-shop'
const host = 'open.shop.test'
const [other, wrong] = [`${host}/web:1.4.1`, `${host}/web:v9`]
const nowhere = { nodeSelector: { 'pullgate.test/none': 'none' } }

let stage: Stage

beforeAll(async () => {
  // Without a memory: what is asked is asked of the registry.
  stage = await openStage({ name: 'verbs', configuration: { cache: { foundSeconds: 0, absentSeconds: 0 } } })
  await stage.openNamespace(namespace)
})
afterAll(() => stage.close())

const podOf = (name: string, image: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace },
  spec: { containers: [{ name: 'app', image }], ...nowhere },
})

// Paused, so that no controller makes a ReplicaSet of it, about which is asked as well.
const deploymentOf = (name: string, image: string, env = 'a', paused = true): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    replicas: 0,
    paused,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'app', image, env: [{ name: 'A', value: env }] }], ...nowhere },
    },
  },
})

const cronJobOf = (name: string, image: string): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name, namespace },
  spec: {
    schedule: '0 0 1 1 *',
    jobTemplate: {
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'app', image }], ...nowhere } } },
    },
  },
})

/** What kubectl ended with, and what that cost: reviews, and requests to the registry. */
interface Asked extends Ended {
  readonly reviews: number
  readonly requests: number
}

const asking = async (...args: readonly string[]): Promise<Asked> => {
  const [reviews, requests] = [await stage.serving.reviews(), stage.hosts.asked(host)]
  const ended = await stage.kubectl(['-n', namespace, ...args])
  return { ...ended, reviews: (await stage.serving.reviews()) - reviews, requests: stage.hosts.asked(host) - requests }
}

const write = (object: KubeObject): Promise<void> =>
  writeFile(join(stage.folder, 'object.yaml'), JSON.stringify(object))

const applying = async (object: KubeObject, ...flags: readonly string[]): Promise<Asked> => {
  await write(object)
  return asking('apply', '-f', 'object.yaml', ...flags)
}

const made = async (object: KubeObject): Promise<void> => void (await stage.cluster.client.apply(object))

const imageOf = async (name: string): Promise<unknown> => {
  const { stdout } = await stage.kubectl([
    ...['-n', namespace, 'get', 'deployment', name],
    ...['-o', 'jsonpath={.spec.template.spec.containers[0].image}'],
  ])
  return stdout
}

/** The denial of the wrong image, at a path. */
const denial = (hook: 'pods' | 'workloads', path: string, image = wrong): string => {
  const said = `${stage.hosts.addressOf(host)} has no tag "${image.split(':')[1]}" in web; check the tag, or push it first`
  return `admission webhook "${hook}.pullgate.dev" denied the request: image "${image}" not found (${path}): ${said} [not-found]`
}

const inPod = 'spec.containers[0].image'
const inTemplate = 'spec.template.spec.containers[0].image'

const isAbsent = async (kind: string, name: string): Promise<boolean> =>
  (await stage.kubectl(['-n', namespace, 'get', kind, name])).stderr.includes('NotFound')

/** With a registry that is down for so long. */
const inAnOutage = async <T>(run: () => Promise<T>): Promise<T> => {
  stage.hosts.setDown(host, true)
  try {
    return await run()
  } finally {
    stage.hosts.setDown(host, false)
  }
}

const unasked = { code: 0, reviews: 0, requests: 0 }

test('apply --dry-run=server says what apply would say, and makes nothing', async () => {
  const stderr = `Error from server (Forbidden): error when creating "object.yaml": ${denial('pods', inPod)}\n`
  expect(await applying(podOf('dry', wrong), '--dry-run=server')).toMatchObject({
    code: 1,
    stdout: '',
    stderr,
    reviews: 1,
  })
  const passed = await applying(podOf('dry', good), '--dry-run=server')
  expect(passed).toMatchObject({ code: 0, stdout: 'pod/dry created (server dry run)\n', stderr: '', reviews: 1 })
  expect(await isAbsent('pod', 'dry')).toBe(true)
})

test('diff is stopped by an image that cannot be pulled, and shows the difference where it can', async () => {
  await made(deploymentOf('diffed', good))
  await write(deploymentOf('diffed', wrong))
  const stopped = await asking('diff', '-f', 'object.yaml')
  expect(stopped).toMatchObject({ code: 2, stdout: '', reviews: 1 })
  expect(stopped.stderr).toContain(denial('workloads', inTemplate))
  await write(deploymentOf('diffed', other))
  const shown = await asking('diff', '-f', 'object.yaml')
  expect(shown).toMatchObject({ code: 1, stderr: '', reviews: 1 })
  expect(shown.stdout).toContain(`+        image: ${other}\n`)
})

test('apply --server-side is asked about like any other', async () => {
  const stderr = `Error from server (Forbidden): ${denial('workloads', inTemplate)}\n`
  expect(await applying(deploymentOf('server-side', wrong), '--server-side')).toMatchObject({
    code: 1,
    stdout: '',
    stderr,
  })
  const passed = await applying(deploymentOf('server-side', good), '--server-side')
  expect(passed).toMatchObject({ code: 0, stdout: 'deployment.apps/server-side serverside-applied\n', stderr: '' })
  const stopped = await applying(deploymentOf('server-side', wrong), '--server-side')
  expect(stopped).toMatchObject({ code: 1, reviews: 1 })
  expect(await imageOf('server-side')).toBe(good)
})

test('debug is asked about the ephemeral container that it adds', async () => {
  await made(podOf('debugged', good))
  const debug = (image: string) =>
    asking('debug', 'debugged', '-c', 'debugger', `--image=${image}`, '--profile=general', '--', 'sh')
  const stopped = await debug(wrong)
  expect(stopped).toMatchObject({ code: 1, reviews: 1 })
  expect(stopped.stderr).toContain(denial('pods', 'spec.ephemeralContainers[0].image'))
  expect(await debug(other)).toMatchObject({ code: 0, reviews: 1 })
})

test('debug with the image that runs already is not stopped by an outage', async () => {
  await made(podOf('debugged-in-an-outage', good))
  const args = ['debug', 'debugged-in-an-outage', '-c', 'debugger', `--image=${good}`, '--profile=general', '--', 'sh']
  expect(await inAnOutage(() => asking(...args))).toMatchObject({ code: 0, reviews: 1, requests: 0 })
})

test('set image is asked about the new image, and not about the old one', async () => {
  await made(deploymentOf('changed', good))
  const stopped = await asking('set', 'image', 'deployment/changed', `app=${wrong}`)
  const stderr = `error: failed to patch image update to pod template: ${denial('workloads', inTemplate)}\n`
  expect(stopped).toMatchObject({ code: 1, stdout: '', stderr, reviews: 1 })
  expect(await imageOf('changed')).toBe(good)
  const passed = await asking('set', 'image', 'deployment/changed', `app=${other}`)
  expect(passed).toMatchObject({ code: 0, stdout: 'deployment.apps/changed image updated\n', stderr: '', reviews: 1 })
})

test('scale is not asked about', async () => {
  await made(deploymentOf('scaled', good))
  expect(await inAnOutage(() => asking('scale', 'deployment/scaled', '--replicas=1'))).toMatchObject(unasked)
})

test('an update that leaves images alone asks no registry', async () => {
  await made(deploymentOf('edited', good))
  const edited = await inAnOutage(() => applying(deploymentOf('edited', good, 'b')))
  expect(edited).toMatchObject({ code: 0, reviews: 1, requests: 0 })
})

test('labels and annotations are not asked about', async () => {
  await made(deploymentOf('labelled', good))
  expect(await asking('label', 'deployment/labelled', 'a=b')).toMatchObject(unasked)
  expect(await asking('annotate', 'deployment/labelled', 'a=b')).toMatchObject(unasked)
})

/** Waits for the ReplicaSet of a revision. */
const untilRevision = (name: string, revision: string) => {
  const isThere = ({ metadata }: KubeObject): boolean =>
    metadata.annotations?.['deployment.kubernetes.io/revision'] === revision
  return stage.cluster.client.until('apps/v1', 'Deployment', name, namespace, isThere, 20_000)
}

test('rollout restart is not stopped by an outage', async () => {
  await made(deploymentOf('restarted', good, 'a', false))
  await untilRevision('restarted', '1')
  const restarted = await inAnOutage(() => asking('rollout', 'restart', 'deployment/restarted'))
  expect(restarted).toMatchObject({ code: 0, stdout: 'deployment.apps/restarted restarted\n', stderr: '' })
  await untilRevision('restarted', '2')
})

test('rollout undo asks whether the earlier image is still there', async () => {
  await made(deploymentOf('undone', `${host}/api:2`, 'a', false))
  await untilRevision('undone', '1')
  await made(deploymentOf('undone', other, 'a', false))
  await untilRevision('undone', '2')
  const undone = await asking('rollout', 'undo', 'deployment/undone')
  expect(undone).toMatchObject({ code: 0, stdout: 'deployment.apps/undone rolled back\n', stderr: '' })
  expect(undone.requests).toBeGreaterThan(0)
  await untilRevision('undone', '3')
  stage.hosts.untag(host, 'web', '1.4.1')
  const stopped = await asking('rollout', 'undo', 'deployment/undone')
  expect(stopped).toMatchObject({ code: 1, stdout: '' })
  expect(stopped.stderr).toContain(`image "${other}" not found (${inTemplate})`)
  expect(await imageOf('undone')).toBe(`${host}/api:2`)
})

test('delete is not asked about', async () => {
  await made(podOf('deleted', good))
  await made(deploymentOf('deleted', good))
  const deleted = await inAnOutage(() =>
    asking('delete', 'pod/deleted', 'deployment/deleted', '--wait=false', '--force'),
  )
  expect(deleted).toMatchObject(unasked)
})

test('run is asked about the pod that it makes', async () => {
  const overrides = `--overrides=${JSON.stringify({ spec: nowhere })}`
  const stderr = `Error from server (Forbidden): ${denial('pods', inPod)}\n`
  expect(await asking('run', 'ran', `--image=${wrong}`, overrides)).toMatchObject({ code: 1, stdout: '', stderr })
  expect(await isAbsent('pod', 'ran')).toBe(true)
  const passed = await asking('run', 'ran', `--image=${good}`, overrides)
  expect(passed).toMatchObject({ code: 0, stdout: 'pod/ran created\n', stderr: '', reviews: 1 })
})

test('create deployment is asked about like apply', async () => {
  const stderr = `error: failed to create deployment: ${denial('workloads', inTemplate)}\n`
  expect(await asking('create', 'deployment', 'created', `--image=${wrong}`)).toMatchObject({
    code: 1,
    stdout: '',
    stderr,
  })
})

test('create job --from makes an owned job, which is not stopped', async () => {
  await made(cronJobOf('nightly', good))
  const created = await inAnOutage(() => asking('create', 'job', 'by-hand', '--from=cronjob/nightly'))
  // It was asked a moment ago, and that counts for a while when nobody answers.
  expect(created).toMatchObject({ code: 0, stdout: 'job.batch/by-hand created\n', stderr: '' })
})

test('replace and patch are asked about like apply', async () => {
  await made(deploymentOf('replaced', good))
  await write(deploymentOf('replaced', wrong))
  const stderr = `Error from server (Forbidden): error when replacing "object.yaml": ${denial('workloads', inTemplate)}\n`
  expect(await asking('replace', '-f', 'object.yaml')).toMatchObject({ code: 1, stdout: '', stderr })
  const patch = JSON.stringify([{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: wrong }])
  const patched = await asking('patch', 'deployment', 'replaced', '--type=json', '-p', patch)
  expect(patched).toMatchObject({
    code: 1,
    stdout: '',
    stderr: `Error from server (Forbidden): ${denial('workloads', inTemplate)}\n`,
  })
})

test('several objects of one file are judged each by itself, and the good ones are made', async () => {
  await write({
    apiVersion: 'v1',
    kind: 'List',
    metadata: { name: '' },
    items: [podOf('good', good), podOf('bad', wrong)],
  })
  const applied = await asking('apply', '-f', 'object.yaml')
  const stderr = `Error from server (Forbidden): error when creating "object.yaml": ${denial('pods', inPod)}\n`
  expect(applied).toMatchObject({ code: 1, stdout: 'pod/good created\n', stderr, reviews: 2 })
})

test('wait, get and logs go on without us', async () => {
  await made(podOf('looked-at', good))
  expect(await asking('get', 'pod/looked-at')).toMatchObject(unasked)
  expect(await asking('wait', 'pod/looked-at', '--for=jsonpath={.status.phase}=Pending', '--timeout=5s')).toMatchObject(
    unasked,
  )
})
