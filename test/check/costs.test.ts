import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { measureCosts } from '../support/costs.ts'

const page = readFileSync(new URL('../../docs/requests.md', import.meta.url), 'utf8')

test('each question costs the requests that the page says, and the page says no others', async () => {
  const costs = await measureCosts(0)
  const said = [...page.matchAll(/^\| ([^|]+) \| ([^|]+) \|$/gm)]
    .slice(2)
    .map(([, question, requests]) => ({ question, requests }))
  expect(costs.map(({ question, requests }) => ({ question, requests }))).toEqual(said)
})
