import type { Case, Row } from './row.ts'
import { credentials } from './rows/credentials.ts'
import { holding } from './rows/holding.ts'
import { hosts } from './rows/hosts.ts'
import { platforms } from './rows/platforms.ts'
import { references } from './rows/references.ts'
import { registries } from './rows/registries.ts'
import { roles } from './rows/roles.ts'
import { shapes } from './rows/shapes.ts'

const tables = { references, credentials, registries, shapes, platforms, hosts, holding, roles } as const

/** The names of the tables. */
export type TableName = keyof typeof tables

const casesOf = ([table, rows]: readonly [string, readonly Row[]]): readonly Case[] =>
  rows.map((row, at) => ({ ...row, id: `${table}-${at + 1}` }))

/** All cases of all tables. */
export const corpus: readonly Case[] = Object.entries(tables).flatMap(casesOf)
