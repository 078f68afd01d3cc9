import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { allCodes, codeRow, codes } from '../../src/verdict/codes.ts'

const folder = join(import.meta.dirname, '../../docs/verdicts')
const read = (file: string): string => readFileSync(join(folder, file), 'utf8')

const headings = [
  'What it means',
  'What the node would show',
  'How Pullgate knows',
  'How to repair',
  'When Pullgate could be wrong',
  'Configuration',
]

describe('the verdict codes and their pages', () => {
  test('are the same ones: no code without its page, and no page without its code', () => {
    const pages = readdirSync(folder).filter(file => file !== 'README.md')
    expect(pages.toSorted()).toEqual(allCodes.map(code => `${code}.md`).toSorted())
  })

  test.each(allCodes)('%s has a page that says what the table says, under the headings that all pages have', code => {
    const page = read(`${code}.md`)
    const { group, action, meaning } = codes[code]
    expect(page).toMatch(new RegExp(`^# \`${code}\`\n\n`))
    expect(page).toContain(`\n${meaning}\n`)
    expect(page).toContain(`\nGroup: ${group}. Default action: ${action}.`)
    expect([...page.matchAll(/^## (.+)$/gm)].map(match => match[1])).toEqual(headings)
    expect(page).toContain(`policy: { ${code}: `)
  })

  test('with a conditional default say so', () => {
    const conditional = allCodes.filter(code => codeRow(code).onEveryNode ?? codeRow(code).asVolume)
    expect(conditional).toEqual(['not-an-image', 'some-platforms'])
    expect(read('not-an-image.md')).toMatch(/^Group: .*image volume.*warn/m)
    expect(read('some-platforms.md')).toMatch(/^Group: .*DaemonSet.*deny/m)
  })

  test('stand in the list of the folder, each with its group, its action and its meaning', () => {
    const list = read('README.md')
    for (const code of allCodes) {
      const row =
        list.split('\n').find(line => line.startsWith(`| [\`${code}\`](${code}.md) |`)) ?? `no row for ${code}`
      expect(row).toContain(codes[code].group)
      expect(row).toContain(codes[code].action)
      expect(row).toContain(codes[code].meaning)
    }
    expect(list.match(/^\| \[`/gm)).toHaveLength(allCodes.length)
  })

  test('lead only to pages that exist', () => {
    for (const file of readdirSync(folder))
      for (const [, target = ''] of read(file).matchAll(/\]\(([a-z-]+\.md)\)/g))
        expect(readdirSync(folder), `${file} leads to ${target}`).toContain(target)
  })
})
