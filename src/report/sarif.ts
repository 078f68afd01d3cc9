import { type Code, codeRow } from '../verdict/codes.ts'
import { distinctFingerprints } from './fingerprint.ts'
import type { Context, Format } from './format.ts'
import { jsonText } from './json-text.ts'
import { objectText, shown } from './names.ts'
import { fileUri } from './relative-uri.ts'
import type { Place, Sheet, SheetFinding } from './sheet.ts'
import { pageBody, pageSection } from './verdict-page.ts'

const levels = { deny: 'error', warn: 'warning', ignore: 'none' } as const

// NotFound: what viewers show beside the id.
const pascalCase = (code: Code): string =>
  code
    .split('-')
    .map(part => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('')

const rule = (code: Code, context: Context) => {
  const { meaning, action, group } = codeRow(code)
  const page = context.page(code)
  return {
    id: code,
    name: pascalCase(code),
    shortDescription: { text: meaning },
    fullDescription: { text: pageSection(code, 'What it means', context) ?? meaning },
    ...(page === undefined ? {} : { help: { text: pageBody(page), markdown: pageBody(page) } }),
    defaultConfiguration: { level: levels[action] },
    properties: { tags: ['image-pull', group] },
  }
}

const physicalLocation = ({ file, line, column }: Place) => {
  const { uri, isRelative } = fileUri(file)
  return {
    artifactLocation: { uri, ...(isRelative ? { uriBaseId: '%SRCROOT%' } : {}) },
    region: { startLine: line, startColumn: column },
  }
}

const location = ({ place, object, path }: SheetFinding) => ({
  ...(place === undefined ? {} : { physicalLocation: physicalLocation(place) }),
  logicalLocations: [{ fullyQualifiedName: `${objectText(object)} ${shown(path)}`.trim(), kind: 'resource' }],
})

const resultOf = (finding: SheetFinding, ruleIndex: number, fingerprint: string) => ({
  ruleId: finding.code,
  ruleIndex,
  level: levels[finding.action],
  message: {
    text: [finding.message, finding.hint]
      .filter(part => part !== '')
      .map(shown)
      .join('; '),
  },
  locations: [location(finding)],
  partialFingerprints: { 'pullgate/v1': fingerprint },
  ...(finding.isNew === undefined ? {} : { baselineState: finding.isNew ? 'new' : 'unchanged' }),
  properties: { image: finding.image },
})

const invocation = ({ gaps }: Sheet, { writtenAt }: Context) => ({
  executionSuccessful: gaps.length === 0,
  endTimeUtc: writtenAt.toISOString(),
  toolExecutionNotifications: gaps.map(gap => ({ level: 'warning', message: { text: shown(gap) } })),
})

/** SARIF 2.1.0, for code scanning. */
export const sarif: Format = (sheet, context) => {
  const used = [...new Set(sheet.summary.codes.map(({ code }) => code))]
  const fingerprints = distinctFingerprints(sheet.findings)
  const results = sheet.findings.map((finding, index) =>
    resultOf(finding, used.indexOf(finding.code), fingerprints[index] ?? ''),
  )
  const driver = { name: 'Pullgate', version: context.version, rules: used.map(code => rule(code, context)) }
  const run = {
    tool: { driver },
    invocations: [invocation(sheet, context)],
    // Columns are counted in UTF-16 units, as the reader of YAML counts them.
    columnKind: 'utf16CodeUnits',
    results,
  }
  return jsonText({ $schema: schema, version: '2.1.0', runs: [run] })
}

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
