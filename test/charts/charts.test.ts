import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { read } from '../cli/read.ts'
import { folder, pullgate } from '../commands/run-pullgate.ts'
import { blocksOf } from '../docs/blocks.ts'
import { registryFor } from '../support/lifetime.ts'
import { contentOf, host, tag } from './make.ts'
import { type Shape, shapes } from './shapes.ts'
import { proofOf } from './tell.ts'
import { namedIn, notLookedAt, placeNotLookedAt } from './walk.ts'
import { styles, written } from './write.ts'

const rows = shapes.map(shape => [shape.chart, shape] as const)

const namesIn = (shape: Shape) => shape.objects.flatMap(namedIn)

const wanted = (shape: Shape) => namesIn(shape).filter(each => placeNotLookedAt(each) === undefined)

const sorted = (lines: readonly string[]): readonly string[] => lines.toSorted()

describe.each(rows)('of %s', (_, shape) => {
  test.each(styles)('every image where one belongs is found, and nothing else, written %s', style => {
    const text = written(shape, style)
    const { uses, problems } = read(text)
    expect(problems).toEqual([])
    const found = uses.map(({ object, use }) => {
      const [{ object: name } = { object: { kind: '', name: '' } }] = object.workloads
      return `${name.kind}/${name.name} ${use.path} ${use.image.text}`
    })
    expect(sorted(found)).toEqual(sorted(wanted(shape).map(({ object, path, text }) => `${object} ${path} ${text}`)))
  })

  test.each(styles)('every image stands in the line and column that is told, written %s', style => {
    const text = written(shape, style)
    const lines = text.split('\n')
    for (const { use, place } of read(text).uses) {
      const there = lines[(place?.line ?? 0) - 1]?.slice((place?.column ?? 0) - 1) ?? ''
      expect(there.replace(/^"/, '')).toMatch(new RegExp(`^${use.image.text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`))
    }
  })
})

test('there are more than twenty charts, and none of the places that are not looked at stands there for nothing', () => {
  expect(shapes.length).toBeGreaterThan(20)
  const used = new Set(shapes.flatMap(namesIn).map(placeNotLookedAt))
  expect(notLookedAt.filter(place => !used.has(place))).toEqual([])
})

test('what is found, and what is not looked at, is told chart by chart', async () => {
  await expect(proofOf(shapes)).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/proof/charts.md'))
})

test('the row of docs/check.md makes the pod templates of one more kind known', async () => {
  const [row = ''] = await blocksOf('check.md', ['yaml']).then(blocks => blocks.filter(each => each.includes('kinds:')))
  const at = await folder()
  const elastic = shapes.filter(({ chart }) => chart.startsWith('ECK'))
  await writeFile(join(at, 'elastic.yaml'), elastic.map(shape => written(shape, 'as helm writes')).join(''))
  const found = async (): Promise<readonly string[]> => {
    const { stdout } = await pullgate(['check', 'elastic.yaml', '--mode', 'off', '-o', 'junit'], { folder: at })
    return [...stdout.matchAll(/classname="(\S+) /g)].map(([, kind = '']) => kind)
  }
  expect(await found()).toEqual(['StatefulSet'])
  await writeFile(join(at, 'pullgate.yaml'), row)
  expect(await found()).toEqual(['StatefulSet', 'Beat'])
})

describe('with all charts in one folder, and a registry', () => {
  const repositories = [
    ...new Set(
      shapes
        .flatMap(wanted)
        .filter(({ text }) => text.startsWith(`${host}/`))
        .map(({ text }) => text.slice(host.length + 1).replace(/:.*/, '')),
    ),
  ]

  /** A folder with all charts, whose registry has all images but the missing one. */
  const stage = async (missing?: string) => {
    const registry = await registryFor()
    for (const name of repositories.filter(each => each !== missing)) registry.put(name, tag, contentOf(name))
    const at = await folder()
    await mkdir(join(at, 'certs.d', host), { recursive: true })
    await writeFile(join(at, 'certs.d', host, 'hosts.toml'), `server = "http://${registry.host}"\n`)
    await mkdir(join(at, 'deploy'))
    for (const [index, shape] of shapes.entries())
      await writeFile(join(at, 'deploy', `${index}.yaml`), written(shape, styles[index % 3] ?? 'as helm writes'))
    const { code, stdout, stderr } = await pullgate(
      ['check', 'deploy', '--certs-dir', join(at, 'certs.d'), '-o', 'json', '-o', 'junit=all.xml'],
      {
        folder: at,
      },
    )
    const uses = (await readFile(join(at, 'all.xml'), 'utf8')).match(/<testcase /g)?.length
    return { code, stderr, uses, report: JSON.parse(stdout) }
  }

  test('each image is asked for and all is well', async () => {
    const { code, stderr, uses, report } = await stage()
    expect({ code, stderr, findings: report.findings }).toEqual({ code: 0, stderr: '', findings: [] })
    expect(uses).toBe(shapes.flatMap(wanted).length)
  })

  test.each(['jetstack/controller', 'linkerd/proxy', 'cilium/cilium', 'shop/inline'])(
    'that %s is gone is said in each place that names it, and nowhere else',
    async name => {
      const { code, report } = await stage(name)
      expect(code).toBe(1)
      const lost = shapes.flatMap(wanted).filter(({ text }) => text.startsWith(`${host}/${name}:`))
      const found = report.findings.map(({ code, path, image }: Record<string, string>) => `${code} ${path} ${image}`)
      expect(sorted(found)).toEqual(sorted(lost.map(({ path, text }) => `not-found ${path} ${text}`)))
    },
  )
})
