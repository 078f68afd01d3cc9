import type { Sheet } from '../sheet.ts'
import { xmlText } from '../xml.ts'
import { axesOf, nameOr } from './bars.ts'

const select = (label: string, name: string, options: readonly (readonly [value: string, text: string])[]): string => {
  const listed = options.map(([value, text]) => `<option value="${xmlText(value)}">${xmlText(text)}</option>`)
  return `<label>${label} <select name="${name}" autocomplete="off"><option value="">all</option>${listed.join('')}</select></label>`
}

const numbered = (names: readonly string[], otherwise: string): readonly (readonly [string, string])[] =>
  names.map((name, index) => [String(index), nameOr(name, otherwise)])

/** The form that narrows the findings down; it shows itself only where the script runs. */
export const filters = (sheet: Sheet): string => {
  const { registries, namespaces } = axesOf(sheet)
  const codes = sheet.summary.codes.map(({ code }) => [code, code] as const)
  return [
    '<form class="card filters" role="search" aria-label="Filter the findings" hidden>',
    '<label class="text">Search <input name="text" type="search" autocomplete="off" placeholder="image, object, file, words"></label>',
    select('Code', 'code', codes),
    select('Registry', 'registry', numbered(registries, 'not a reference')),
    select('Namespace', 'namespace', numbered(namespaces, 'no namespace')),
    select('Action', 'action', [
      ['deny', 'deny'],
      ['warn', 'warn'],
    ]),
    '<button type="reset">Clear</button>',
    '<output aria-live="polite"></output>',
    '</form>',
  ].join('\n')
}
