import { describe, expect, test } from 'vitest'
import { found, fromCluster, fromFile, judged, object, skipped } from './entries.ts'
import { sheet, smallSheet } from './sheets.ts'

const web = object('Deployment', 'shop', 'web')
const image = 'registry.example/shop/web:1.40'
const placeholder = judged('$(params.image)', [found.placeholder], {
  image: { kind: 'placeholder', text: '$(params.image)' },
})

describe('the outcome of a sheet', () => {
  test.each([
    ['pass where nothing is to be said', 'pass', [judged(image)], {}, []],
    ['pass where findings only warn of another day', 'pass', [judged(image, [found.cachedOnly])], {}, []],
    ['unknown where something could not be found out', 'unknown', [judged(image, [found.unreachable])], {}, []],
    [
      'fail where one finding denies',
      'fail',
      [judged(image, [found.unreachable]), judged('b', [found.notFound])],
      {},
      [],
    ],
    [
      'pass where the policy lets a failure pass with a warning',
      'pass',
      [judged(image, [found.notFound])],
      { 'not-found': 'warn' },
      [],
    ],
    [
      'fail where the policy denies what is unknown',
      'fail',
      [judged(image, [found.unreachable])],
      { unreachable: 'deny' },
      [],
    ],
    [
      'pass where the policy ignores what is unknown',
      'pass',
      [judged(image, [found.unreachable])],
      { unreachable: 'ignore' },
      [],
    ],
    ['pass where a template leaves the image open', 'pass', [placeholder], {}, []],
    ['unknown where something was not looked at', 'unknown', [judged(image)], {}, ['namespace "vault": forbidden']],
  ] as const)('is %s', (_, outcome, verdicts, actions, gaps) => {
    expect(sheet([fromFile('web.yaml', 1, web, verdicts)], actions, gaps).outcome).toBe(outcome)
  })
})

describe('the findings of a sheet', () => {
  test('say what, why and what next, and where in the file', () => {
    const [first] = smallSheet().findings
    expect(first).toEqual({
      code: 'not-found',
      action: 'deny',
      image,
      object: web,
      path: 'spec.containers[0].image',
      place: { file: 'deploy/web.yaml', line: 12, column: 16 },
      message: `image "${image}" not found: registry.example has no tag "1.40" in shop/web`,
      hint: 'did you mean 1.4.0?',
      pods: undefined,
      isNew: undefined,
    })
  })

  test('stand worst first within an object, and the objects in the order they came in', () => {
    const verdicts = [judged('a', [found.unreachable]), judged('b', [found.cachedOnly]), judged('c', [found.notFound])]
    const other = object('Pod', 'shop', 'other')
    const { findings } = sheet([
      fromFile('a.yaml', 1, other, [judged('d', [found.cachedOnly])]),
      fromFile('b.yaml', 1, web, verdicts),
    ])
    expect(findings.map(finding => finding.code)).toEqual(['cached-only', 'not-found', 'cached-only', 'unreachable'])
  })

  test('name a pull secret that is missing once for the pod, not for each of its images', () => {
    const verdicts = [judged('a', [found.missingSecret]), judged('b', [found.missingSecret])]
    expect(sheet([fromFile('a.yaml', 1, web, verdicts)]).findings).toHaveLength(1)
    expect(sheet([fromFile('a.yaml', 1, web, verdicts), fromFile('b.yaml', 1, web, verdicts)]).findings).toHaveLength(2)
  })

  test('lack what a line or a baseline waives, which is counted', () => {
    const { findings, summary, outcome } = sheet([
      fromFile('a.yaml', 1, web, [judged('a', [found.notFound, found.missingSecret])], ['not-found']),
    ])
    expect(findings.map(({ code }) => code)).toEqual(['missing-pull-secret'])
    expect(summary.waived).toBe(1)
    expect(outcome).toBe('pass')
  })

  test('about a DaemonSet deny what fits only some of its nodes', () => {
    const verdicts = [judged('a', [found.somePlatforms])]
    expect(sheet([fromFile('a.yaml', 1, object('DaemonSet', 'shop', 'log'), verdicts)]).outcome).toBe('fail')
    expect(sheet([fromFile('a.yaml', 1, web, verdicts)]).outcome).toBe('pass')
  })

  test('from a cluster say how many pods run the image', () => {
    expect(sheet([fromCluster(web, [judged('a', [found.denied])], 7)]).findings[0]).toMatchObject({
      pods: 7,
      place: undefined,
    })
  })
})

describe('the images of a sheet', () => {
  test('are each listed once, with the worst that is predicted for any of their uses', () => {
    const { images, summary } = sheet([
      fromFile('a.yaml', 1, web, [judged('a'), judged('a', [found.denied]), judged('b')]),
    ])
    const digest = `sha256:${'d'.repeat(64)}`
    expect(images).toEqual([
      { image: 'a', outcome: 'fail', digest, platforms: ['linux/amd64', 'linux/arm64'] },
      { image: 'b', outcome: 'pass', digest, platforms: ['linux/amd64', 'linux/arm64'] },
    ])
    expect(summary).toMatchObject({ images: 2, uses: 3, objects: 1 })
  })

  test('are neither what a template leaves open nor what nobody asked about', () => {
    const { images, summary } = sheet([fromFile('a.yaml', 1, web, [placeholder, skipped('localhost/dev')])])
    expect(images).toEqual([])
    expect(summary).toMatchObject({ images: 0, uses: 2, skipped: 1 })
  })

  test('tell what is predicted before the policy has its say', () => {
    const { images, outcome } = sheet([fromFile('a.yaml', 1, web, [judged('a', [found.notFound])])], {
      'not-found': 'ignore',
    })
    expect([images[0]?.outcome, outcome]).toEqual(['fail', 'pass'])
  })
})

test('the totals count findings by code, registry and namespace, and add up', () => {
  const { summary } = smallSheet()
  expect(summary.codes.map(({ code, deny, warn }) => [code, deny, warn])).toEqual([
    ['not-found', 1, 0],
    ['some-platforms', 0, 1],
    ['missing-pull-secret', 0, 1],
    ['unreachable', 0, 1],
  ])
  expect(summary.registries).toEqual([
    { registry: 'registry.example', images: 3, deny: 1, warn: 2 },
    { registry: 'mirror.example', images: 1, deny: 0, warn: 1 },
  ])
  expect(summary.namespaces).toEqual([
    { namespace: 'shop', objects: 2, deny: 1, warn: 2 },
    { namespace: 'batch', objects: 1, deny: 0, warn: 1 },
  ])
})
