import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readConfiguration } from '../../src/config/read.ts'
import { builtInKinds } from '../../src/workload/kinds.ts'
import { telemetryForTest } from '../telemetry/telemetry-for-test.ts'
import { chart, madeFiles } from './made-files.ts'

const textOf = (file: string): string => readFileSync(join(chart, file), 'utf8')

it.each([...madeFiles()])('%s says what the sources say: node test/chart/write-made.ts writes it', (file, content) => {
  expect(JSON.parse(textOf(file))).toEqual(content)
})

it('is of the version of the package', () => {
  const { version } = JSON.parse(readFileSync(join(chart, '../../package.json'), 'utf8'))
  expect(parse(textOf('Chart.yaml'))).toMatchObject({ version, appVersion: version })
})

it.each(readdirSync(join(chart, 'profiles')))('the profile %s holds a configuration without mistakes', file => {
  const { config = {} } = parse(textOf(`profiles/${file}`))
  expect(readConfiguration(JSON.stringify(config))).toMatchObject({ ok: true })
})

// The match condition "differs-in-its-spec" rests on it.
it('what decides about pulling stands below spec in every kind that has one', () => {
  const elsewhere = builtInKinds.filter(({ pods }) =>
    pods.some(({ podSpec, fallbacks }) => [podSpec, ...fallbacks].some(path => !/^spec(\.|$)/.test(path))),
  )
  expect(elsewhere.map(({ kind }) => kind)).toEqual(['PodTemplate'])
})

// Counted by the API server: kubernetes apiserver pkg/admission/metrics/metrics.go.
const ofTheApiServer = [
  'apiserver_admission_webhook_fail_open_count',
  'apiserver_admission_match_condition_evaluation_errors_total',
]

const metricsIn = (text: string): readonly string[] => [
  ...new Set(text.match(/\b(?:pullgate|apiserver)_[a-z_]+(?=[{[ )]|$)/gm)),
]

it.each(['files/alerts.yaml', 'files/dashboard.json'])('every metric that %s names exists', async file => {
  const { metricsText } = telemetryForTest()
  const exposed = [...(await metricsText()).matchAll(/^# TYPE (\S+) (\S+)/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  )
  const named = metricsIn(textOf(file))
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter(name => ![...exposed, ...ofTheApiServer].includes(name))).toEqual([])
})

describe('docs/operate.md', () => {
  const page = readFileSync(join(chart, '../../docs/operate.md'), 'utf8')

  it('names what alerts ask of the API server', () => {
    const asked = metricsIn(textOf('files/alerts.yaml')).filter(name => name.startsWith('apiserver_'))
    expect(asked).toEqual(ofTheApiServer)
    for (const name of asked) expect(page).toContain(`\`${name}\``)
  })

  it('has a row for every metric, and for no other', async () => {
    const exposed = [...(await telemetryForTest().metricsText()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
    expect([...page.matchAll(/^\| `(pullgate_\w+)` \|/gm)].map(([, name]) => name)).toEqual(exposed)
  })

  it('has a row for every alert, and for no other', () => {
    const alerts = [...textOf('files/alerts.yaml').matchAll(/alert: (\S+)/g)].map(([, name]) => name)
    expect([...page.matchAll(/^\| `(Pullgate\w+)` \|/gm)].map(([, name]) => name)).toEqual(alerts)
  })
})
