import { lowerCase } from '../lib/go-text.ts'
import { type Anatomy, anatomyOf } from './anatomy.ts'
import { parseDigest } from './digest.ts'
import {
  identifierPattern,
  isDomain,
  isPath,
  isTag,
  mostPathCharacters,
  mostTagCharacters,
  namesHost,
} from './grammar.ts'

/** The rules of the grammar that a text can break, as a person would tell them apart. */
export type ReferenceRule =
  | 'empty'
  | 'white-space'
  | 'scheme'
  | 'unfilled'
  | 'image-id'
  | 'digest'
  | 'digest-algorithm'
  | 'digest-length'
  | 'empty-tag'
  | 'tag-length'
  | 'tag'
  | 'host'
  | 'empty-component'
  | 'upper-case'
  | 'separator'
  | 'character'
  | 'name-length'
  | 'other'

/** The rule that is broken, where, and how that is put right. */
export interface Diagnosis {
  readonly rule: ReferenceRule
  /** Offset in the text. */
  readonly at: number
  readonly hint: string
}

type Rule = (anatomy: Anatomy) => Diagnosis | undefined

const matched =
  (rule: ReferenceRule, pattern: RegExp, hint: string): Rule =>
  ({ text }) => {
    const at = text.search(pattern)
    return at < 0 ? undefined : { rule, at, hint }
  }

const empty: Rule = ({ text }) => (text === '' ? { rule: 'empty', at: 0, hint: 'it is empty' } : undefined)

const imageId: Rule = ({ text }) =>
  identifierPattern.test(text)
    ? { rule: 'image-id', at: 0, hint: 'it is an image ID, which no registry knows; name the repository' }
    : undefined

const digest: Rule = ({ digest }) => {
  if (digest === undefined) return undefined
  const { text, at } = digest
  const parsed = parseDigest(text)
  if (parsed.ok) return undefined
  switch (parsed.error) {
    case 'unsupported digest algorithm':
      return { rule: 'digest-algorithm', at, hint: 'the digest is not of sha256, sha384 or sha512' }
    case 'invalid checksum digest length':
      return {
        rule: 'digest-length',
        at,
        hint: 'the digest is too short or too long: sha256 has 64 digits, sha512 has 128',
      }
    case 'invalid checksum digest format':
      return { rule: 'digest', at, hint: digestHint(text) }
  }
}

const digestHint = (text: string): string => {
  if (parseDigest(lowerCase(text)).ok) return 'the digest is to be written in lower case'
  return /^[^:]*[./]/.test(text)
    ? 'credentials do not belong here but in a pull secret; remove what stands before @'
    : 'after @ stands no digest; write sha256: and 64 lower-case digits'
}

const tag: Rule = ({ tag }) => {
  if (tag === undefined || isTag(tag.text)) return undefined
  const { text, at } = tag
  if (text === '') return { rule: 'empty-tag', at, hint: 'the tag after the colon is missing' }
  const foreign = text.search(/[^\w.-]|^[.-]/)
  if (foreign < 0) return { rule: 'tag-length', at, hint: `the tag is longer than ${mostTagCharacters} characters` }
  const hint =
    text[foreign] === '+'
      ? 'a tag has no "+"; write "_" or "-" in its place'
      : 'a tag has letters, digits, ".", "_" and "-", and begins with none of ".-"'
  return { rule: 'tag', at: at + foreign, hint }
}

// The grammar takes what is no host for a part of the name, if it can: `my_host.example`. `A_b` was hardly meant as a host.
const isPart = (first: string): boolean => !isDomain(first) && (isPath(first) || !/[.:]/.test(first))

/** The host as far as the text names one, and where the path begins. */
const hostOf = (name: string): readonly [host: string | undefined, pathAt: number] => {
  const slash = name.indexOf('/')
  const first = name.slice(0, Math.max(slash, 0))
  return slash > 0 && namesHost(first) && !isPart(first) ? [first, slash + 1] : [undefined, 0]
}

// Where a host stops being one: a foreign character, a label without its ends, a colon without its port.
const spoilsName = /[^A-Za-z0-9.:-]|^[.:-]|[.-](?=[.:]|$)|\.(?=-)|:(?!\d+$)/
const spoilsAddress = /[^0-9A-Fa-f:[\]]|(?<=.)\[|\](?!$|:\d+$)/

const host: Rule = ({ name }) => {
  const [domain] = hostOf(name)
  if (domain === undefined || isDomain(domain)) return undefined
  const at = Math.max(0, domain.search(domain.startsWith('[') ? spoilsAddress : spoilsName))
  const hint =
    domain[at] === ':'
      ? 'a colon before a slash is followed by a port, and a tag has no slash'
      : 'the registry before the first slash is no host name with an optional port'
  return { rule: 'host', at, hint }
}

/** The offset of the first character that has a lower case. */
const firstCapital = (text: string): number => {
  let at = 0
  for (const character of text) {
    if (lowerCase(character) !== character) return at
    at += character.length
  }
  return 0
}

const inComponent = (component: string, at: number): Diagnosis | undefined => {
  if (component === '') return { rule: 'empty-component', at, hint: 'a part of the name between slashes is missing' }
  if (isPath(component)) return undefined
  if (lowerCase(component) !== component) {
    return { rule: 'upper-case', at: at + firstCapital(component), hint: 'a repository name is in lower case' }
  }
  const foreign = component.search(/[^a-z0-9._-]/)
  if (foreign >= 0)
    return { rule: 'character', at: at + foreign, hint: 'a repository name has only a-z, 0-9, ".", "_", "-" and "/"' }
  const doubled = component.search(/^[._-]|[._-]$|\.[._-]|___|_[.-]|-[._]/)
  return {
    rule: 'separator',
    at: at + Math.max(doubled, 0),
    hint: '".", "_" and "-" stand singly between letters or digits',
  }
}

const components: Rule = ({ name }) => {
  let [, at] = hostOf(name)
  if (at > 0 && at === name.length)
    return { rule: 'empty-component', at, hint: 'the name of the image after the registry is missing' }
  for (const component of name.slice(at).split('/')) {
    const broken = inComponent(component, at)
    if (broken !== undefined) return broken
    at += component.length + 1
  }
  return undefined
}

const length: Rule = ({ name }) => {
  const [, at] = hostOf(name)
  return name.length - at > mostPathCharacters - 'library/'.length
    ? { rule: 'name-length', at, hint: `the repository name is longer than ${mostPathCharacters} characters` }
    : undefined
}

// Frequent mistakes first, since a scheme is also a bad host, and a blank also a bad character.
const rules: readonly Rule[] = [
  empty,
  matched('white-space', /\s/, 'it has white space in it; remove it'),
  matched('scheme', /^[A-Za-z][A-Za-z0-9+.-]*:\/\//, 'it is a URL; remove the scheme and its slashes'),
  matched('unfilled', /[${}<>]|%\w+%/, 'it has a variable in it that nothing filled in'),
  matched('character', /["'`]/, 'it has quotation marks in it; remove them'),
  imageId,
  matched('host', /^\[[^/]*$/, 'it is an address without a name; write the name after a slash'),
  digest,
  tag,
  host,
  components,
  length,
]

/** Says which rule a text that is no reference breaks. The original tells only that it does. */
export const diagnose = (text: string): Diagnosis => {
  const anatomy = anatomyOf(text)
  for (const rule of rules) {
    const broken = rule(anatomy)
    if (broken !== undefined) return broken
  }
  return { rule: 'other', at: 0, hint: 'write it as [host/]name[:tag][@digest]' }
}
