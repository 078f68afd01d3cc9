import { type Code, codes } from '../../verdict/codes.ts'
import type { Context } from '../format.ts'
import { objectText, placeText } from '../names.ts'
import type { Sheet, SheetFinding } from '../sheet.ts'
import { registryOf } from '../summary.ts'
import { pageSection } from '../verdict-page.ts'
import { xmlText } from '../xml.ts'
import { axesOf } from './bars.ts'
import { prose } from './prose.ts'

const badge = ({ action, code }: SheetFinding): string => {
  const kind = action === 'warn' && codes[code].group === 'indefinite' ? 'unknown' : action
  return `<span class="badge ${kind}">${kind}</span>`
}

const facts = ({ object, path, place, image, pods }: SheetFinding): string => {
  const rows = [
    ['Image', image],
    ['Object', objectText(object)],
    ['Field', path],
    ['Place', place === undefined ? '' : placeText(place)],
    ['Running pods', pods === undefined ? '' : String(pods)],
  ] as const
  const listed = rows.filter(([, value]) => value !== '')
  return `<dl>${listed.map(([name, value]) => `<dt>${name}</dt><dd>${xmlText(value)}</dd>`).join('')}</dl>`
}

const whereText = ({ object, place, path, isNew }: SheetFinding): string => {
  const named = [objectText(object), place === undefined ? '' : placeText(place)].filter(part => part !== '')
  return [...(isNew === true ? ['new'] : []), ...(named.length === 0 ? [path] : named)].join(' · ')
}

const row = (finding: SheetFinding, marks: string, hasRepair: boolean): string => {
  const { code, image, message, hint } = finding
  return [
    `<li ${marks}><details><summary>${badge(finding)} <span class="what">${xmlText(image)}</span> <span class="where">${xmlText(whereText(finding))}</span></summary>`,
    `<div class="detail"><p>${xmlText(message)}</p>`,
    hint === '' ? '' : `<p class="next">${xmlText(hint)}</p>`,
    facts(finding),
    hasRepair ? `<p><a href="#repair-${code}">How to repair ${code}, step by step</a></p>` : '',
    '</div></details></li>',
  ].join('')
}

const repair = (code: Code, context: Context): string | undefined => {
  const steps = pageSection(code, 'How to repair', context)
  if (steps === undefined) return undefined
  const means = pageSection(code, 'What it means', context) ?? ''
  return `<details class="repair" id="repair-${code}"><summary>What it means, and how to repair it</summary>${prose(means)}${prose(steps)}</details>`
}

const numberOf = (names: readonly string[]): ReadonlyMap<string, number> =>
  new Map(names.map((name, index) => [name, index]))

/** The findings by code, worst first, each with its repair. */
export const findingSections = (sheet: Sheet, context: Context): string => {
  const { registries, namespaces } = axesOf(sheet)
  const [registryNumber, namespaceNumber] = [numberOf(registries), numberOf(namespaces)]
  const found = Map.groupBy(sheet.findings, ({ code }) => code)
  const marks = ({ code, action, image, object }: SheetFinding): string =>
    `data-code="${code}" data-action="${action}" data-registry="${registryNumber.get(registryOf(image)) ?? ''}" ` +
    `data-namespace="${namespaceNumber.get(object.namespace) ?? ''}"`
  const section = (code: Code): string => {
    const findings = found.get(code) ?? []
    const steps = repair(code, context)
    const rows = findings.map(finding => row(finding, marks(finding), steps !== undefined))
    return [
      `<section class="card code" aria-labelledby="code-${code}"><h2 id="code-${code}"><code>${code}</code> <span class="count">${findings.length}</span></h2>`,
      `<p>${xmlText(codes[code].meaning)}</p>${steps ?? ''}`,
      `<ul class="findings">${rows.join('\n')}</ul></section>`,
    ].join('\n')
  }
  return sheet.summary.codes.map(({ code }) => section(code)).join('\n')
}
