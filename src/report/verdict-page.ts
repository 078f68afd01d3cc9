import type { Code } from '../verdict/codes.ts'
import type { Context } from './format.ts'

const linkToPage = /\[(`?[^\]]+`?)\]\((?!#)[^)\s]+\)/g

/** A verdict's page without its title, and without links, which lead nowhere outside its folder. */
export const pageBody = (markdown: string): string =>
  markdown
    .replace(/^# .*\n+/, '')
    .replace(linkToPage, '$1')
    .trim()

/** The part of a verdict's page under a heading; undefined where there is none. */
export const pageSection = (code: Code, heading: string, { page }: Pick<Context, 'page'>): string | undefined => {
  const body = pageBody(page(code) ?? '')
  const start = body.indexOf(`## ${heading}\n`)
  if (start < 0) return undefined
  const rest = body.slice(start + `## ${heading}\n`.length)
  const end = rest.search(/^## /m)
  return (end < 0 ? rest : rest.slice(0, end)).trim()
}
