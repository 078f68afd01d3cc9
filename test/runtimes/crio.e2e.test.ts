import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDraw } from '../attack/canaries/draw.ts'
import { drawScene } from './draw-scene.ts'
import { type Judge, startJudge } from './judge.ts'
import { pullBoth } from './pull-both.ts'
import { makeSceneFiles, type SceneFiles } from './scene-files.ts'
import { openStreet, type Street } from './street.ts'
import { rows, sceneOf } from './table.ts'
import { createTally } from './tally.ts'

let street: Street
let files: SceneFiles
let judge: Judge
beforeAll(async () => {
  street = await openStreet()
  files = await makeSceneFiles(street)
  judge = startJudge()
})
afterAll(async () => {
  await judge.close()
  await street.close()
  await files.remove()
})

describe("on CRI-O's nodes we expect what its library does", () => {
  const tally = createTally()

  test.each(rows.map(row => ({ row, name: `${row[0]}: ${row[1]}` })))('$name', async ({ row }) => {
    const pulled = await pullBoth(street, files, judge, sceneOf(row))
    expect(pulled.theirs.outcome.end).toBe(row[1])
    expect(tally.add(pulled)).toBeUndefined()
  })

  test('whatever registries, mirrors and token servers do', async () => {
    const seed = Number(process.env['PULLGATE_SEED'] ?? Date.now() % 2 ** 31)
    const count = Number(process.env['PULLGATE_PULLS'] ?? 300)
    const wrong: string[] = []
    for (let id = 0; id < count; id++) {
      const pulled = await pullBoth(street, files, judge, drawScene(id, createDraw(seed + id)))
      wrong.push(...[tally.add(pulled) ?? []].flat())
    }
    console.log([...tally.lines(), `seed ${seed}`].join('\n'))
    expect(wrong).toEqual([])
  })
})
