import { knownCidr } from '../../../src/registry/dial/cidr.ts'
import { createGuard } from '../../../src/registry/dial/guard.ts'
import { runCorpus, type Tally } from './corpus.ts'
import { ownEveryAddress } from './namespace.ts'
import { strangersNames } from './positions.ts'
import { allPremises, privateAddresses, shopNames } from './premises.ts'
import { type Visit, visit } from './visit.ts'
import { createWorld } from './world.ts'

/** What is printed: the corpus before a guard as a cluster has it, before one that allows everything, and the visits. */
export interface Findings {
  readonly guarded: readonly Tally[]
  readonly unguarded: readonly Tally[]
  readonly visits: readonly Visit[]
}

const careful = createGuard({
  refuse: ['10.96.0.0/12', 'fd00:10:96::/112'].map(knownCidr),
  allow: [],
  strictness: 'cluster',
})
const careless = createGuard({ refuse: [], allow: ['0.0.0.0/0', '::/0'].map(knownCidr), strictness: 'workstation' })

await ownEveryAddress()
const world = await createWorld([...strangersNames, ...shopNames, ...privateAddresses])
const guarded = await runCorpus(world, careful)
const unguarded = await runCorpus(world, careless)
const visits: Visit[] = []
for (const premises of allPremises) visits.push(await visit(premises, world))
world.close()
process.stdout.write(JSON.stringify({ guarded, unguarded, visits } satisfies Findings))
