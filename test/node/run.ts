import { mapSideBySide } from '../../src/lib/side-by-side.ts'
import type { KubeClient } from '../cluster/real/client.ts'
import { faultsOf, type Outcome } from './compare.ts'
import { runnable, single } from './images.ts'
import { type Lab, openLab } from './lab.ts'
import type { Machine } from './machine/machine.ts'
import { untilListed } from './node-list.ts'
import { createAsker } from './ours.ts'
import { waiting } from './programs.ts'
import type { Case, Expectation } from './row.ts'
import { openStreet, type Street } from './street.ts'
import { filledIn, type Surroundings } from './texts.ts'

/** What a run needs. */
export interface RunOptions {
  readonly cases: readonly Case[]
  readonly client: KubeClient
  readonly kubeconfig: string
  readonly context: string
  readonly machine: Machine
  /** Of the run, and of its namespace in the cluster. */
  readonly name: string
  /** What the rows say of this runtime. */
  readonly expectationOf: (row: Case) => Expectation
  readonly log: (text: string) => void
}

// Each pod that runs costs a sandbox; more at once only wait for one another.
const podsSideBySide = 16

const isHeld = ({ held }: Case): boolean => held !== undefined

const slowFirst = (cases: readonly Case[]): readonly Case[] => [
  ...cases.filter(({ isSlow }) => isSlow === true),
  ...cases.filter(({ isSlow }) => isSlow !== true),
]

type Furnished = ReadonlyMap<string, Surroundings>

const aroundOf = (furnished: Furnished, row: Case): Surroundings =>
  furnished.get(row.id) ?? { image: undefined, open: '' }

/** Puts on the node what it is to have before, and then changes the registry. */
const getBefore = async (
  row: Case,
  {
    lab,
    street,
    furnished,
    machine,
  }: { readonly lab: Lab; readonly street: Street; readonly furnished: Furnished; readonly machine: Machine },
): Promise<string | undefined> => {
  const { held } = row
  if (held === undefined) return undefined
  const image = filledIn(held.image ?? row.image ?? '$:1', aroundOf(furnished, row), row)
  if (held.by === 'hand') await machine.ctr('images', 'pull', '--hosts-dir', machine.certsD, image)
  else await lab.pullBefore(row, image, held.by === 'anybody' ? [] : held.by)
  if (held.since !== undefined) street.change(row, held.since)
  return image
}

/** Runs cases on a node, and holds our verdicts against what it does. */
export const runCases = async (options: RunOptions): Promise<readonly Outcome[]> => {
  const { cases, client, machine, name, log } = options
  const street = await openStreet(machine.certsD)
  const asker = await createAsker({ ...options, certsD: machine.certsD })
  try {
    const furnished = new Map<string, Surroundings>()
    const furnish = async (row: Case): Promise<void> => void furnished.set(row.id, await street.furnish(row))
    const base = (id: string, push: Case['push']): Case => ({
      id,
      name: '',
      expect: { codes: [], end: 'runs' },
      ...(push && { push }),
    })
    await furnish(base('base', single()))
    await furnish(base('waiting', single({ files: [runnable('app', waiting)] })))
    await mapSideBySide(cases, podsSideBySide, furnish)
    const lab = await openLab({
      ...{ client, machine, asker, log },
      namespace: name,
      base: { ending: 'open.test/base/app:1', waiting: 'open.test/waiting/app:1' },
    })
    await mapSideBySide(cases, podsSideBySide, row => lab.prepare(row))
    await lab.hold()
    const held = await mapSideBySide(cases.filter(isHeld), podsSideBySide, row =>
      getBefore(row, { lab, street, furnished, machine }),
    )
    log(`${name}: everything stands`)

    // All are asked about before the first one runs: what the node lists by then must not depend on how fast it is.
    const judgedAll = async (rows: readonly Case[]): Promise<readonly Outcome[]> => {
      const asked = await mapSideBySide(slowFirst(rows), podsSideBySide, async row => ({
        row,
        ours: await lab.ask(row, aroundOf(furnished, row)),
      }))
      log(`${name}: ${asked.length} cases have been asked about`)
      return mapSideBySide(asked, podsSideBySide, async ({ row, ours }) => {
        const node = await lab.run(row, aroundOf(furnished, row))
        const expect = options.expectationOf(row)
        return { row, expect, ours, node, events: [], faults: faultsOf(expect, ours, node) }
      })
    }
    const first = await judgedAll(cases.filter(row => !isHeld(row)))
    log(`${name}: ${first.length} cases have run`)
    const had = held.flatMap(image => image ?? [])
    if (had.length > 0) await untilListed(client, machine.name, had)
    const second = await judgedAll(cases.filter(isHeld))
    const events = await lab.events()
    const all = new Map([...first, ...second].map(outcome => [outcome.row.id, outcome]))
    return cases.flatMap(({ id }) => {
      const outcome = all.get(id)
      return outcome === undefined ? [] : [{ ...outcome, events: events.get(id) ?? [] }]
    })
  } finally {
    await asker.close()
    await street.close()
  }
}
