import { availableParallelism, cpus } from 'node:os'
import { applyRow } from './apply.ts'
import { auditRows } from './audit.ts'
import { besideAuditRows } from './beside-audit.ts'
import { checkCommandRows } from './check-command.ts'
import { checkRows } from './checks.ts'
import { oneCoreRows } from './one-core.ts'
import { pureRows } from './pure.ts'
import { costTable, registryRows } from './registries.ts'
import { reviewRows } from './reviews.ts'
import { table } from './table.ts'

// Every figure is a ratio within this run, or stands beside what it is compared with: the machine's own speed cancels out.
const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}`
console.log(`${machine}\n`)
const rows = [
  ...pureRows(),
  ...(await registryRows()),
  ...(await checkRows()),
  ...(await reviewRows()),
  ...(await oneCoreRows()),
  await applyRow(),
  ...(await checkCommandRows()),
  ...(await auditRows()),
  ...(await besideAuditRows()),
]
console.log(table(rows))
console.log(`\n${await costTable()}`)
