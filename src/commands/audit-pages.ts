import type { Knowledge } from '../audit/knowledge.ts'
import { counted } from '../report/headline.ts'
import type { Sheet } from '../report/sheet.ts'
import { withStored } from '../report/stored.ts'
import type { StoredFindings } from './audit-stored.ts'
import type { Pages } from './page-server.ts'

/** What the pages of an audit that goes on and on are made of. */
export interface AuditPagesOptions {
  readonly knowledge: Pick<Knowledge, 'version' | 'gaps' | 'isSeen'>
  /** What this replica has found, with these gaps. */
  readonly sheet: (gaps: readonly string[]) => Sheet
  readonly stored: () => Promise<StoredFindings>
  readonly html: (sheet: Sheet) => string
  readonly json: (sheet: Sheet) => string
  readonly nowMs: () => number
}

// For as long as what others found may have changed.
const lastsMs = 60_000

const gapOf = (namespaces: number): string =>
  `The findings of ${counted(namespaces, 'namespace')} stand here as the reports in the cluster tell them; what is well there is not counted.`

/** Text that is made once for each sheet. */
const oncePer = (write: (sheet: Sheet) => string): ((sheet: Sheet) => string) => {
  let made: { readonly of: Sheet; readonly text: string } | undefined
  return sheet => {
    if (made?.of !== sheet) made = { of: sheet, text: write(sheet) }
    return made.text
  }
}

/** Makes the pages: written when somebody looks, and not again before something else is known. */
export const createAuditPages = ({ knowledge, sheet, stored, nowMs, ...write }: AuditPagesOptions): Pages => {
  let made: { readonly of: number; readonly untilMs: number; readonly sheet: Promise<Sheet> } | undefined
  const make = async (gaps: readonly string[]): Promise<Sheet> => {
    if (gaps.length === 0) return sheet(gaps)
    const others = [...(await stored())].filter(([name, all]) => all.length > 0 && !knowledge.isSeen(name))
    const findings = others.flatMap(([, all]) => all)
    return others.length === 0 ? sheet(gaps) : withStored(sheet([...gaps, gapOf(others.length)]), findings)
  }
  const current = (): Promise<Sheet> => {
    const of = knowledge.version()
    if (made?.of !== of || nowMs() > made.untilMs) {
      const gaps = knowledge.gaps()
      const untilMs = gaps.length > 0 ? nowMs() + lastsMs : Number.POSITIVE_INFINITY
      made = { of, untilMs, sheet: make(gaps) }
    }
    return made.sheet
  }
  const [html, json] = [oncePer(write.html), oncePer(write.json)]
  return { html: async () => html(await current()), json: async () => json(await current()) }
}
