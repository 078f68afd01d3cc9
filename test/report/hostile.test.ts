import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formats } from '../../src/report/formats.ts'
import { plainLine, plainLines } from '../../src/report/log-line.ts'
import { hostileNames, hostileSheet } from './hostile-sheets.ts'
import { context } from './sheets.ts'

const rows = hostileNames.map(name => [JSON.stringify(name.slice(0, 40)), name] as const)

// Everything that a terminal obeys, that breaks a line somewhere, or that reorders what is read.
const unfit = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

// What build services find anywhere in a line, and GitHub's runner at the beginning of one.
const command = /##\w*\[|^\s*::/

const tags = (markup: string): readonly string[] =>
  [...markup.matchAll(/<(?![!?])\/?([A-Za-z-]*)/g)].map(([, name = '']) => name)

describe.each(rows)('a stranger who calls everything %s', (_, name) => {
  const sheet = hostileSheet(name)

  test.each(['text', 'junit', 'github', 'markdown', 'html'] as const)(
    'writes nothing into %s that a terminal or parser obeys',
    format => {
      expect(formats[format](sheet, context)).not.toMatch(unfit)
    },
  )

  test('gives no command to a build service', () => {
    for (const line of formats.text(sheet, context).split('\n')) expect(line).not.toMatch(/^\s*::|##\[|##vso/i)
    const commands = formats.github(sheet, context).trimEnd().split('\n')
    // Two findings, a gap, and the sentence at the end.
    expect(commands).toHaveLength(4)
    for (const command of commands.slice(0, 3)) expect(command).toMatch(/^::(error|warning) [^:]*::[^\n]/)
    expect(commands[3]).toMatch(/^fail: /)
  })

  test('adds no row, cell or tag to the Markdown', () => {
    const lines = formats.markdown(sheet, context).trimEnd().split('\n')
    const table = lines.filter(line => line.startsWith('|'))
    expect(table).toHaveLength(4)
    for (const row of table) expect(row.match(/\|/g)).toHaveLength(4)
    expect(new Set(tags(lines.join('\n')))).toEqual(
      new Set(['br', 'code'].filter(tag => lines.join('\n').includes(`<${tag}>`))),
    )
    expect(lines.join('\n').replace(/`[^`|]*`/g, '')).not.toMatch(/\]\(|https?:\/\/|www\.|@\w|(?<!&)#\d/)
  })

  test('adds no element to the XML', () => {
    const known = [
      'testsuites',
      'testsuite',
      'properties',
      'property',
      'testcase',
      'failure',
      'skipped',
      'system-out',
      'system-err',
    ]
    const xml = formats.junit(sheet, context)
    for (const tag of tags(xml)) expect(known).toContain(tag)
    expect(xml).not.toMatch(/\]\]>|[\ufffe\uffff]/)
    expect(xml).not.toMatch(/&(?!(?:amp|lt|gt|quot|#39|#35|#58);)/)
  })

  test('adds no element to the page, and no attribute', () => {
    const page = formats.html(sheet, context)
    const [ours, theirs] = [formats.html(hostileSheet('web'), context), page].map(tags)
    expect(new Set(theirs)).toEqual(new Set(ours))
    const rest = page.replace(/<style>.*?<\/style>|<script>.*?<\/script>/gs, '')
    expect(rest).not.toMatch(/<[a-z][^>"]*(?:"[^"]*"[^>"]*)* (?:on\w+|src|style)=/)
    expect(rest).not.toMatch(/(?:href|src)="(?!#|data:,)/)
  })
})

test('a finding keeps its words whatever its names are', () => {
  const github = formats.github(hostileSheet('a%0A::error::owned%25,b:c'), context)
  expect(github).toContain('file=a%250A%3A%3Aerror%3A%3Aowned%2525%2Cb%3Ac')
})

test.each([
  ['  ::warning::x', '  \\u{3a}:warning::x'],
  ['a ##[error]x', 'a #\\u{23}[error]x'],
  ['##vso[task]', '#\\u{23}vso[task]'],
  ['a ##teamcity[message]', 'a #\\u{23}teamcity[message]'],
  ['a::b ## c', 'a::b ## c'],
])('the line %j goes to a log as %j', (line, plain) => {
  expect(plainLine(line)).toBe(plain)
})

// Words that some terminal, build service or reader obeys, and what tears them apart.
const pieces = [
  '::warning::x',
  '::',
  ' ',
  '\t',
  '\u00a0',
  '##[error]',
  '##vso[task.complete]',
  '##teamcity[message]',
  '#',
  '[',
  '\n',
  '\r',
  '%0A',
  '\u2028',
  '\u0085',
  'section_start:1:owned\r\u001b[0K',
  '\u001b]8;;http://x.example\u0007',
  '\u009b2J',
  '\u202e',
  '\u{e0041}',
  '"',
  '\\',
  '<',
  'web.yaml',
]
const words = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map(parts => parts.join(''))

describe('whatever a stranger calls things', () => {
  test.each(Object.keys(formats) as readonly (keyof typeof formats)[])('no line of %s obeys it', format => {
    fc.assert(
      fc.property(words, name => {
        const written = formats[format](hostileSheet(name), context)
        expect(written).not.toMatch(unfit)
        const lines = written.split('\n')
        // GitHub's own format is commands: two findings and a gap.
        const ours = format === 'github' ? lines.splice(0, 3) : []
        for (const line of ours) expect(line).toMatch(/^::(error|warning) (file|title)=/)
        expect(lines.filter(line => command.test(line))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test.each(['json', 'sarif', 'gitlab', 'policyreport'] as const)(
    '%s says it all the same to whoever parses it',
    format => {
      fc.assert(
        fc.property(words, name => {
          const written = formats[format](hostileSheet(name), context)
          expect(`${JSON.stringify(JSON.parse(written), undefined, 2)}\n`.length).toBeLessThanOrEqual(written.length)
          if (format === 'json')
            expect(JSON.parse(written).images.map(({ image }: { image: string }) => image)).toContain(name)
        }),
        { numRuns: 100 },
      )
    },
  )

  test('no line of a log obeys it', () => {
    fc.assert(
      fc.property(words, name => {
        const written = plainLines(`${name}:1:2: is broken\n  ${name}`)
        expect(written).not.toMatch(unfit)
        expect(written.split('\n').filter(line => command.test(line))).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })
})
