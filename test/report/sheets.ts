import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '../../src/report/format.ts'
import type { Sheet } from '../../src/report/sheet.ts'
import { type SheetEntry, sheetOf } from '../../src/report/sheet-of.ts'
import type { Policy } from '../../src/verdict/policy.ts'
import { found, fromCluster, fromFile, judged, object, skipped } from './entries.ts'

const pages = join(import.meta.dirname, '../../docs/verdicts')

/** What a report says beside its sheet, the same each time. */
export const context: Context = {
  command: 'check',
  version: '1.2.3',
  writtenAt: new Date('2030-01-02T03:04:05.678Z'),
  tookMs: 1234,
  colours: false,
  page: code => readFileSync(join(pages, `${code}.md`), 'utf8'),
}

/** A sheet of these entries, under the default policy. */
export const sheet = (
  entries: readonly SheetEntry[],
  actions: Policy['actions'] = {},
  gaps: readonly string[] = [],
): Sheet => sheetOf({ entries, policy: { actions }, gaps })

/** A sheet as a small repository gives it: one of each kind of thing. */
export const smallSheet = (): Sheet =>
  sheet([
    fromFile('deploy/web.yaml', 12, object('Deployment', 'shop', 'web'), [
      judged('registry.example/shop/web:1.40', [found.notFound, found.missingSecret]),
      judged('mirror.example/proxy:2', [found.unreachable], { path: 'spec.containers[1].image' }),
    ]),
    fromFile('deploy/web.yaml', 40, object('Deployment', 'shop', 'api'), [judged('registry.example/shop/api:2')]),
    fromFile('jobs.yaml', 9, object('CronJob', 'batch', 'nightly'), [
      judged('registry.example/batch/run:1', [found.somePlatforms]),
      skipped('localhost:5000/dev'),
    ]),
  ])

/** A sheet with nothing to be said. */
export const goodSheet = (): Sheet =>
  sheet([fromFile('web.yaml', 12, object('Pod', 'shop', 'web'), [judged('registry.example/shop/web:1.4.0')])])

/** A sheet as an audit gives it: many namespaces and registries, and no files. */
export const clusterSheet = (workloads: number): Sheet => {
  const causes = [
    [],
    [],
    [],
    [found.cachedOnly],
    [],
    [found.denied],
    [found.noPlatform],
    [],
    [found.unreachable],
  ] as const
  const registries = ['registry.example', 'ghcr.io', 'docker.io', 'quay.io', 'registry.internal:5000']
  return sheet(
    Array.from({ length: workloads }, (_, number) => {
      const image = `${registries[number % 5]}/team-${number % 7}/service-${number % 40}:1.${number % 9}.0`
      const named = object(number % 6 === 0 ? 'StatefulSet' : 'Deployment', `team-${number % 7}`, `service-${number}`)
      return fromCluster(named, [judged(image, causes[number % causes.length])], number % 5)
    }),
    {},
    workloads > 100 ? ['namespace "vault": listing its workloads is forbidden'] : [],
  )
}
