import { createHash } from 'node:crypto'
import type { Context, Format } from './format.ts'
import { headline } from './headline.ts'
import { charts } from './page/bars.ts'
import { filters } from './page/filters.ts'
import { findingSections } from './page/findings.ts'
import { imageTable } from './page/images.ts'
import { script } from './page/script.ts'
import { style } from './page/style.ts'
import type { Sheet } from './sheet.ts'
import { xmlText } from './xml.ts'

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Nothing but the page's own style and script: no request leaves it. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(script)}`,
  // The page's icon, which is empty: without one a browser asks the server for it.
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const total = (name: string, count: number, mark: string): string =>
  `<div><dt>${name}</dt><dd${count > 0 && mark !== '' ? ` class="${mark}"` : ''}>${count}</dd></div>`

const totals = ({ summary, change }: Sheet): string => {
  const { deny, warn, unknown, images, objects, waived } = summary
  const rows = [
    total('Findings that deny', deny, 'deny'),
    total('Findings that warn', warn, 'warn'),
    total('Not found out', unknown, 'unknown'),
    ...(change === undefined ? [] : [total('New', change.new, 'deny'), total('Gone', change.gone, '')]),
    total('Images', images, ''),
    total('Objects', objects, ''),
    ...(waived > 0 ? [total('Waived', waived, '')] : []),
  ]
  return `<dl class="totals">${rows.join('')}</dl>`
}

const gapList = ({ gaps }: Sheet): string => {
  if (gaps.length === 0) return ''
  const listed = gaps.map(gap => `<li>${xmlText(gap)}</li>`).join('\n')
  return `<section class="card"><h2>Not looked at</h2><ul class="gaps">${listed}</ul></section>`
}

const outcomeWords = {
  fail: 'Something cannot be pulled',
  unknown: 'Something could not be found out',
  pass: 'All is well',
}

const header = (sheet: Sheet, { command, version, writtenAt, tookMs }: Context): string => {
  const at = writtenAt.toISOString()
  return [
    `<header class="is-${sheet.outcome}"><h1>Pullgate ${command}</h1>`,
    `<p class="verdict"><span class="dot"></span>${outcomeWords[sheet.outcome]}</p>`,
    `<p class="made">${xmlText(headline(sheet))}<br>Written <time datetime="${at}">${at.slice(0, 16).replace('T', ' ')} UTC</time> by Pullgate ${xmlText(version)}, in ${(tookMs / 1000).toFixed(1)} s</p></header>`,
  ].join('\n')
}

const metadata = (title: string): string =>
  [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">',
    `<title>${title}</title>`,
    `<style>${style}</style></head>`,
  ].join('\n')

/** One page that holds everything: totals, bars, filters, and each finding with its repair. */
export const html: Format = (sheet, context) =>
  [
    metadata(`Pullgate ${context.command}: ${sheet.outcome}`),
    `<body>${header(sheet, context)}`,
    '<main>',
    totals(sheet),
    gapList(sheet),
    charts(sheet),
    filters(sheet),
    '<p class="card nothing" hidden>No finding matches.</p>',
    findingSections(sheet, context),
    imageTable(sheet),
    `</main><footer>This page asks nobody anything: all of it stands in this file.</footer><script>${script}</script></body></html>`,
    '',
  ].join('\n')
