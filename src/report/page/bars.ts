import type { Sheet, Tally } from '../sheet.ts'
import { xmlText } from '../xml.ts'

/** What the page filters by, in the order of the values that the filters have. */
export interface Axes {
  readonly registries: readonly string[]
  readonly namespaces: readonly string[]
}

/** The registries and namespaces of a sheet; a row names them by their number. */
export const axesOf = ({ summary }: Sheet): Axes => ({
  registries: summary.registries.map(({ registry }) => registry),
  namespaces: summary.namespaces.map(({ namespace }) => namespace),
})

interface Bar extends Tally {
  readonly name: string
  readonly value: string
}

/** What a registry or namespace without a name is called. */
export const nameOr = (name: string, otherwise: string): string => (name === '' ? otherwise : name)

const total = ({ deny, warn }: Tally): number => deny + warn

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)}%`

// The widths are attributes of SVG: a strict content security policy has no place for style attributes.
const drawing = ({ deny, warn }: Tally, most: number): string =>
  `<svg aria-hidden="true"><rect class="deny" width="${percent(deny, most)}" height="100%"/>` +
  `<rect class="warn" x="${percent(deny, most)}" width="${percent(warn, most)}" height="100%"/></svg>`

const tallyText = ({ deny, warn }: Tally): string =>
  [...(deny > 0 ? [`${deny} deny`] : []), ...(warn > 0 ? [`${warn} warn`] : [])].join(', ')

const barItem = (field: string, bar: Bar, most: number): string =>
  `<li><button class="bar" type="button" disabled aria-pressed="false" data-name="${field}" data-value="${xmlText(bar.value)}">` +
  `<span class="name">${xmlText(bar.name)}</span> <span class="count">${tallyText(bar)}</span>` +
  `${drawing(bar, most)}</button></li>`

// The page stays one to look at: the rest is in the filters.
const mostBars = 12

const chart = (title: string, field: string, all: readonly Bar[]): string => {
  const bars = all.filter(bar => total(bar) > 0)
  if (bars.length === 0) return ''
  const most = Math.max(...bars.map(total))
  const more = bars.length > mostBars ? `<p class="made">${bars.length - mostBars} more in the filter below</p>` : ''
  const items = bars.slice(0, mostBars).map(bar => barItem(field, bar, most))
  return `<section class="card"><h2>${title}</h2><ul>${items.join('\n')}</ul>${more}</section>`
}

/** A bar for each code, registry and namespace. */
export const charts = ({ summary }: Sheet): string => {
  const codes = summary.codes.map(row => ({ ...row, name: row.code, value: row.code }))
  const registries = summary.registries.map((row, index) => ({
    ...row,
    name: nameOr(row.registry, 'not a reference'),
    value: String(index),
  }))
  const namespaces = summary.namespaces.map((row, index) => ({
    ...row,
    name: nameOr(row.namespace, 'no namespace'),
    value: String(index),
  }))
  const several = namespaces.length > 1 ? chart('By namespace', 'namespace', namespaces) : ''
  return `<div class="charts">${chart('By code', 'code', codes)}${chart('By registry', 'registry', registries)}${several}</div>`
}
