import { lowerCase } from '../lib/go-text.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { diagnose, type ReferenceRule } from './diagnosis.ts'
import { type Digest, type DigestProblem, parseDigest } from './digest.ts'
import { identifierPattern, mostPathCharacters, namesHost, shapeOf } from './grammar.ts'

/** What is asked for: a tag, or a digest beside which a tag may be written that nobody asks for. */
export type Target =
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'digest'; readonly digest: Digest; readonly tag: string | undefined }

/** The name of an image in its full form. */
export interface ImageReference {
  /** Host and port: `docker.io` where the text names none. */
  readonly registry: string
  readonly repository: string
  readonly target: Target
  /** The text that it was read from: to a name without a registry CRI-O adds one in a way of its own. */
  readonly written: string
}

/** Why a text is not a reference. */
export interface ReferenceProblem {
  readonly rule: ReferenceRule
  /** The words that the node uses: those of distribution/reference v0.6.0. */
  readonly message: string
  /** Where in the text the rule is broken. */
  readonly at: number
  /** What is wrong there, and how it is put right. */
  readonly hint: string
}

interface Parts {
  readonly registry: string
  readonly repository: string
  readonly tag: string | undefined
  readonly digest: Digest | undefined
}

const hub = 'docker.io'

/** Tells registry from repository; Docker Hub's short names get their full form. */
const splitDomain = (text: string): readonly [domain: string, remainder: string] => {
  const slash = text.indexOf('/')
  if (slash < 0) return [hub, `library/${text}`]
  const [first, rest] = [text.slice(0, slash), text.slice(slash + 1)]
  const [domain, remainder] = namesHost(first) ? [first === 'index.docker.io' ? hub : first, rest] : [hub, text]
  return domain === hub && !remainder.includes('/') ? [hub, `library/${remainder}`] : [domain, remainder]
}

const parse = (text: string): Result<Parts, string> => {
  if (identifierPattern.test(text))
    return fail(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`)
  const [domain, remainder] = splitDomain(text)
  const name = remainder.slice(0, remainder.indexOf(':') < 0 ? undefined : remainder.indexOf(':'))
  if (lowerCase(name) !== name) return fail(`invalid reference format: repository name (${name}) must be lowercase`)
  return parseWhole(`${domain}/${remainder}`)
}

const parseWhole = (whole: string): Result<Parts, string> => {
  const shape = shapeOf(whole)
  if (shape === undefined) {
    const inLowerCase = shapeOf(lowerCase(whole)) !== undefined
    return fail(inLowerCase ? 'repository name must be lowercase' : 'invalid reference format')
  }
  const { domain, path, tag } = shape
  if (path.length > mostPathCharacters)
    return fail(`repository name must not be more than ${mostPathCharacters} characters`)
  const digest: Result<Digest | undefined, DigestProblem> =
    shape.digest === undefined ? ok(undefined) : parseDigest(shape.digest)
  if (!digest.ok) return digest
  return ok({ ...hostAndPath(domain, path), tag, digest: digest.value })
}

// A host with an underscore is no domain to the grammar, and passes as the beginning of the path; the node calls it all the same.
const hostAndPath = (domain: string | undefined, path: string) => {
  if (domain !== undefined) return { registry: domain, repository: path }
  const slash = path.indexOf('/')
  return { registry: path.slice(0, slash), repository: path.slice(slash + 1) }
}

/** Reads an image reference as the kubelet and containerd do: a digest decides, and without tag and digest it is `latest`. */
export const parseReference = (text: string): Result<ImageReference, ReferenceProblem> => {
  const parts = parse(text)
  if (!parts.ok) return fail({ message: parts.error, ...diagnose(text) })
  const { registry, repository, tag, digest } = parts.value
  const target: Target = digest === undefined ? { kind: 'tag', tag: tag ?? 'latest' } : { kind: 'digest', digest, tag }
  return ok({ registry, repository, target, written: text })
}

/** The full form of a reference, without a tag that nobody asks for. */
export const formatReference = ({ registry, repository, target }: ImageReference): string =>
  target.kind === 'tag' ? `${registry}/${repository}:${target.tag}` : `${registry}/${repository}@${target.digest}`
