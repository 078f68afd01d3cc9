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
 * The patterns are Go's, whose `$` is the end of the text just as here without the flag m.
 */

const label = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const domain = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const path = `${component}(?:/${component})*`
const tag = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}'
const digest = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,}'

/** A whole reference: its domain, path, tag and digest. */
export const referencePattern = new RegExp(`^(?:(${domain})/)?(${path})(?::(${tag}))?(?:@(${digest}))?$`)

/** A domain alone. */
export const domainPattern = new RegExp(`^${domain}$`)

/** One part of a path. */
export const componentPattern = new RegExp(`^${component}$`)

/** A tag alone. */
export const tagPattern = new RegExp(`^${tag}$`)

/** What Docker takes for an image's ID, and therefore not for its name. */
export const identifierPattern = /^[a-f0-9]{64}$/

/** Go counts a path's characters without the domain, and with the `library/` that it added. */
export const mostPathCharacters = 255

/** A tag's first character and 127 more. */
export const mostTagCharacters = 128
