import { isIP } from 'node:net'
import { InvalidArgumentError } from 'commander'
import { readTarget, type Target, targetsProblem } from '../../cli/output/target.ts'
import { parseCidr } from '../../registry/dial/cidr.ts'
import { parsePlatforms } from '../platforms.ts'

/** Platforms, with commas between them, as they are written. */
export const readPlatforms = (text: string): readonly string[] => {
  const listed = text.split(',')
  const platforms = parsePlatforms(listed)
  if (!platforms.ok) throw new InvalidArgumentError(platforms.error)
  return listed
}

/** A port. */
export const readPort = (text: string): number => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('A port is a number up to 65535.')
  return Number(text)
}

/** A time in whole seconds. */
export const readSeconds = (text: string): number => {
  if (!/^\d{1,4}$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError('Seconds are a number from 1 to 9999.')
  return Number(text)
}

/** One more range of addresses. */
export const readCidr = (text: string, before: readonly string[] | undefined): readonly string[] => {
  const cidr = parseCidr(text)
  if (!cidr.ok) throw new InvalidArgumentError(`"${text}" ${cidr.error}.`)
  return [...(before ?? []), text]
}

/** One more name that a certificate may hold: of DNS, or an address. */
export const readName = (text: string, before: readonly string[] | undefined): readonly string[] => {
  const isName = /^(?!.*\.\d+$)(?!\d+$)[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(text)
  if (!isName && isIP(text) === 0) throw new InvalidArgumentError(`"${text}" is neither a DNS name nor an address.`)
  return [...(before ?? []), text]
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 }

const millisecondsIn = (text: string): number | undefined => {
  const [, count, unit = ''] = /^(\d{1,5})([smh])$/.exec(text) ?? []
  return count === undefined ? undefined : Number(count) * (unitMs[unit] ?? 0)
}

/** A time such as `90s`, `10m` or `1h`, in milliseconds; it may be none. */
export const readSpan = (text: string): number => {
  const milliseconds = millisecondsIn(text)
  if (milliseconds === undefined)
    throw new InvalidArgumentError('A time is a number and a unit, such as 90s, 10m or 1h.')
  return milliseconds
}

/** A time such as `90s`, `10m` or `1h`, in milliseconds. */
export const readDuration = (text: string): number => {
  const milliseconds = millisecondsIn(text) ?? 0
  if (milliseconds === 0) throw new InvalidArgumentError('A time is written like 90s, 10m or 1h.')
  return milliseconds
}

/** So many a second. */
export const readRate = (text: string): number => {
  if (!/^\d{1,4}(\.\d{1,3})?$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError('A rate is a number above 0, such as 5 or 0.5.')
  return Number(text)
}

/** `:8080` or `127.0.0.1:8080`; without a host it is this machine alone. */
export const readHostPort = (text: string): { readonly host: string; readonly port: number } => {
  const [, host = '', port = ''] = /^(?:\[?([0-9A-Za-z.:-]+?)\]?)?:(\d{1,5})$/.exec(text) ?? []
  if (port === '') throw new InvalidArgumentError('It is written :PORT or HOST:PORT.')
  return { host: host || '127.0.0.1', port: readPort(port) }
}

/** One more report, and where it goes. */
export const readOutput = (text: string, before: readonly Target[] | undefined): readonly Target[] => {
  const target = readTarget(text)
  if (!target.ok) throw new InvalidArgumentError(target.error)
  const targets = [...(before ?? []), target.value]
  const problem = targetsProblem(targets)
  if (problem !== undefined) throw new InvalidArgumentError(problem)
  return targets
}
