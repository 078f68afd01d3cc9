import { lowerCase } from '../lib/go-text.ts'
import { anatomyOf } from './anatomy.ts'

/*
 * How images are called, as distribution/reference v0.6.0 reads it (regexp.go):
 *
 *   reference  := name [ ":" tag ] [ "@" digest ]
 *   name       := [ domain "/" ] component { "/" component }
 *   domain     := ( label { "." label } | "[" hex digits and colons "]" ) [ ":" digits ]
 *   label      := a letter or digit, or several with "-" between them, in any case
 *   component  := run { separator run }          run := lower-case letters and digits
 *   separator  := "." | "_" | "__" | "-" { "-" }
 *   tag        := a letter, digit or "_", then up to 127 of these, "." and "-"
 *   digest     := algorithm ":" 32 or more hexadecimal digits
 *   algorithm  := word { ( "+" | "." | "-" | "_" ) word }     word := a letter, then letters and digits
 *
 * Most patterns here find what spoils a text instead of matching all of it: V8 runs out of stack when a pattern with
 * a repeated group matches some millions of characters, and a text may have as many.
 */

const spoilsHost = /^$|[^A-Za-z0-9.-]|^[.-]|[.-]$|\.[.-]|-\./
const address = /^\[[a-fA-F0-9:]+\]$/
const spoilsPath = /[^a-z0-9._/-]|(?:^|\/)(?:[._/-]|$)|[._-](?:\/|$)|\.[._-]|_[.-]|___|-[._]/
const tag = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/
const spoilsAlgorithm = /^$|[^A-Za-z0-9+._-]|^[^A-Za-z]|[+._-](?![A-Za-z])/
const encoded = /^[0-9A-Fa-f]{32,}$/

/** Whether a text is a domain: a host and perhaps a port. */
export const isDomain = (text: string): boolean => {
  const host = text.replace(/:[0-9]+$/, '')
  return address.test(host) || !spoilsHost.test(host)
}

/** Whether what stands before the first slash is taken for a host: by its look, as Docker always has (normalize.go splitDockerDomain). */
export const namesHost = (first: string): boolean =>
  first === 'localhost' || /[.:]/.test(first) || lowerCase(first) !== first

/** Whether a text is a path, of one component or more. */
export const isPath = (text: string): boolean => !spoilsPath.test(text)

/** Whether a text is a tag. */
export const isTag = (text: string): boolean => tag.test(text)

// Wider than what a digest may be: that is for the digest's own reader to say.
const isDigestLike = (text: string): boolean => {
  const colon = text.indexOf(':')
  return colon > 0 && !spoilsAlgorithm.test(text.slice(0, colon)) && encoded.test(text.slice(colon + 1))
}

/** The parts of a text that follows the grammar. */
export interface Shape {
  readonly domain: string | undefined
  readonly path: string
  readonly tag: string | undefined
  readonly digest: string | undefined
}

/** The parts of a whole reference; undefined where the text is none. */
export const shapeOf = (text: string): Shape | undefined => {
  const { name, tag, digest } = anatomyOf(text)
  if (tag !== undefined && !isTag(tag.text)) return undefined
  if (digest !== undefined && !isDigestLike(digest.text)) return undefined
  const rest = { tag: tag?.text, digest: digest?.text }
  const slash = name.indexOf('/')
  const [domain, path] = [name.slice(0, Math.max(slash, 0)), name.slice(slash + 1)]
  if (isDomain(domain) && isPath(path)) return { domain, path, ...rest }
  return isPath(name) ? { domain: undefined, path: name, ...rest } : undefined
}

/** What Docker takes for an image's ID, and therefore not for its name. */
export const identifierPattern = /^[a-f0-9]{64}$/

/** Go counts a path's characters without the domain, and with the `library/` that it added. */
export const mostPathCharacters = 255

/** A tag's first character and 127 more. */
export const mostTagCharacters = 128
