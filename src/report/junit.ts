import { outcomeOf } from '../verdict/verdict.ts'
import type { Context, Format } from './format.ts'
import { objectText, shown } from './names.ts'
import type { Sheet, SheetFinding, SheetUse } from './sheet.ts'
import { useKey } from './use-key.ts'
import { xmlText } from './xml.ts'

const words = ({ code, message, hint }: SheetFinding): string =>
  [`[${code}] ${shown(message)}`, ...(hint === '' ? [] : [shown(hint)])].join('; ')

/** How one use of an image is told as a test: a failure denies, and what could not be found out was skipped. */
type Told = 'passed' | 'failure' | 'skipped'

const toldOf = (use: SheetUse, findings: readonly SheetFinding[]): Told => {
  if (findings.some(({ action }) => action === 'deny')) return 'failure'
  if (use.outcome === 'skipped' || findings.some(({ code }) => outcomeOf(code) === 'unknown')) return 'skipped'
  return 'passed'
}

interface Case {
  readonly use: SheetUse
  readonly told: Told
  readonly findings: readonly SheetFinding[]
}

const caseLines = ({ use, told, findings }: Case): readonly string[] => {
  const name = xmlText(`${use.path} ${use.image}`)
  const open = `    <testcase name="${name}" classname="${xmlText(objectText(use.object) || 'image')}" time="0"`
  const [worst] = findings
  const all = findings.map(finding => xmlText(words(finding))).join('\n')
  switch (told) {
    case 'passed':
      return [`${open}/>`]
    case 'failure': {
      const at =
        use.place === undefined ? '' : `\n${xmlText(`${use.place.file}:${use.place.line}:${use.place.column}`)}`
      const attributes = `message="${xmlText(worst?.message ?? '')}" type="${worst?.code ?? ''}"`
      return [`${open}>`, `      <failure ${attributes}>${all}${at}</failure>`, '    </testcase>']
    }
    case 'skipped': {
      const message = worst === undefined ? 'not asked about' : words(worst)
      // As text: of the three schemas in use, one has no attribute here.
      return [`${open}>`, `      <skipped>${xmlText(message)}</skipped>`, '    </testcase>']
    }
  }
}

const suiteName = ({ place, object }: SheetUse): string => place?.file ?? (objectText(object) || 'images')

// What only warns fails no test, and stands in the suite's own output.
const warnings = (cases: readonly Case[]): string =>
  cases
    .filter(({ told }) => told === 'passed')
    .flatMap(({ findings }) => findings.map(finding => xmlText(words(finding))))
    .join('\n')

const suiteLines = (
  name: string,
  id: number,
  cases: readonly Case[],
  { writtenAt, version }: Context,
): readonly string[] => {
  const count = (told: Told): number => cases.filter(each => each.told === told).length
  const numbers = `tests="${cases.length}" failures="${count('failure')}" errors="0" skipped="${count('skipped')}"`
  const made = `timestamp="${writtenAt.toISOString().slice(0, 19)}" hostname="localhost" time="0"`
  return [
    `  <testsuite name="${xmlText(name)}" package="pullgate" id="${id}" ${numbers} ${made}>`,
    `    <properties><property name="pullgate" value="${xmlText(version)}"/></properties>`,
    ...cases.flatMap(caseLines),
    `    <system-out>${warnings(cases)}</system-out>`,
    '    <system-err/>',
    '  </testsuite>',
  ]
}

const casesOf = ({ uses, findings }: Sheet): readonly Case[] => {
  const found = Map.groupBy(findings, useKey)
  return uses.map(use => {
    const all = found.get(useKey(use)) ?? []
    return { use, told: toldOf(use, all), findings: all }
  })
}

/** JUnit's XML, as Ant and Jenkins define it: a file or object is a suite, each use of an image a test. */
export const junit: Format = (sheet, context) => {
  const suites = Map.groupBy(casesOf(sheet), ({ use }) => suiteName(use))
  const lines = [...suites].flatMap(([name, cases], id) => suiteLines(name, id, cases, context))
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...lines, '</testsuites>', ''].join('\n')
}
