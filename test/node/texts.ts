import type { Image } from '../../src/demo/content.ts'
import { asList, asText, ownProperty } from '../../src/lib/untrusted.ts'
import type { Case } from './row.ts'

/** The host that a case's image is named at. */
export const hostOf = ({ at, registry, hosts, id }: Case): string => {
  if (at !== undefined) return at.replace('%id', id)
  return registry === undefined && hosts === undefined ? 'open.test' : `${id}.test`
}

/** The repository that a case's content is pushed to. */
export const repositoryOf = ({ repository = '%id/app', id }: Case): string => repository.replace('%id', id)

const childOf = (image: Image | undefined): string => {
  if (image === undefined) return ''
  const document: unknown = JSON.parse(Buffer.from(image.top.bytes).toString())
  return asText(ownProperty(asList(ownProperty(document, 'manifests'))[0], 'digest')) ?? ''
}

/** What the places in a text stand for. */
export interface Surroundings {
  readonly image: Image | undefined
  /** `127.0.0.1:41873`. */
  readonly open: string
}

/** The text of an image with its places filled in; `$` stands for host and repository at its beginning alone, since it may be part of a bad reference. */
export const filledIn = (text: string, { image, open }: Surroundings, row: Case): string => {
  const host = hostOf(row)
  const places: readonly (readonly [string, () => string])[] = [
    ['%host', () => host],
    ['%id', () => row.id],
    ['%open', () => open],
    ['%port', () => open.split(':')[1] ?? ''],
    ['%digest', () => image?.top.digest ?? ''],
    ['%child', () => childOf(image)],
  ]
  const start = text.replace(/^\$(?=$|[:@-])/, () => `${host}/${repositoryOf(row)}`)
  return places.reduce(
    (filled, [place, value]) => (filled.includes(place) ? filled.replace(place, value()) : filled),
    start,
  )
}

/** The text of a secret with the row's own names in it. */
export const secretText = (text: string, row: Case): string =>
  text.replaceAll('$host', hostOf(row)).replaceAll('%id', row.id)
