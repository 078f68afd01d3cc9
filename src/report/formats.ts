import type { Format } from './format.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import { policyreport } from './policyreport.ts'
import { sarif } from './sarif.ts'
import { text } from './text.ts'

/** Every output format by the name that people ask for it with. */
export const formats = {
  text,
  json,
  sarif,
  junit,
  github,
  gitlab,
  markdown,
  html,
  policyreport,
} as const satisfies Record<string, Format>

/** The name of an output format. */
export type FormatName = keyof typeof formats
