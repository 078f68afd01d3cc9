import { expect, test } from 'vitest'
import { followThroughCuts } from './cuts.ts'

const cuts = 100

test(`through ${cuts} cuts at any point the snapshot becomes what the server has`, { timeout: 60_000 }, async () => {
  const seed = Number(process.env['PULLGATE_SEED'] ?? Date.now() % 2 ** 31)
  const moments = await followThroughCuts(cuts, seed)
  expect(moments).toHaveLength(cuts / 10)
  for (const { ours, theirs, standing } of moments) {
    expect(ours, `seed ${seed}`).toEqual(theirs)
    expect(standing).toEqual({ kind: 'synced' })
  }
})
