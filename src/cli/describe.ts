import type { ImageContent, ImageFacts, IndexEntry } from '../image/facts.ts'
import { formatPlatform, type Platform } from '../image/platform.ts'
import { formatReference } from '../image/reference.ts'
import { explain } from '../verdict/explain.ts'
import { type Verdict, verdictOutcome } from '../verdict/verdict.ts'

const named = (platform: Platform | undefined): string =>
  platform === undefined ? 'no platform' : formatPlatform(platform)

const leaves = (entries: readonly IndexEntry[]): readonly IndexEntry[] =>
  entries.flatMap(entry => (entry.entries === undefined ? [entry] : leaves(entry.entries)))

const contentWords = (content: ImageContent): string => {
  switch (content.kind) {
    case 'index': {
      const images = leaves(content.entries).filter(({ role }) => role === 'image')
      return `an index of ${images.map(({ platform }) => named(platform)).join(', ') || 'nothing'}`
    }
    case 'manifest':
      return `a single image for ${named(content.config.platform)}`
    case 'artifact':
      return `an artifact of type ${content.artifactType}`
    case 'schema1':
      return 'an image in the retired format, schema 1'
    case 'unread':
      return 'what nobody read'
  }
}

const factLines = ({ digest, mediaType, sizeBytes, content }: ImageFacts): readonly string[] => [
  `digest    ${digest}`,
  `type      ${mediaType}, ${sizeBytes} bytes`,
  `holds     ${contentWords(content)}`,
]

/** What is thought of one image, for somebody who asked about it: its outcome, its facts, and what to do about it. */
export const describe = (verdict: Extract<Verdict, { kind: 'judged' }>): string => {
  const { reference, facts, findings, use } = verdict
  const findingLines = findings.flatMap(finding => {
    const { what, why, next } = explain(finding, reference)
    return [`${finding.code}: ${what}, ${why}`, ...(next === '' ? [] : [`  ${next}`])]
  })
  const lines = [...(facts === undefined ? [] : factLines(facts)), ...findingLines].map(line => `  ${line}`)
  const name = reference === undefined ? use.image.text : formatReference(reference)
  return [`${verdictOutcome(verdict)}  ${name}`, ...lines].join('\n')
}
