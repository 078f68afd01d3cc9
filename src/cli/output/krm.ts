import { type Document, isSeq } from 'yaml'
import { fail, ok, type Result } from '../../lib/result.ts'
import { asList, asText, ownProperty } from '../../lib/untrusted.ts'
import type { Sheet, SheetFinding } from '../../report/sheet.ts'
import { plainOf } from '../manifest/plain.ts'
import { composedIn } from '../manifest/read-documents.ts'

/** Whether a text is what a pipeline of KRM functions hands on. */
export const isResourceList = (text: string): boolean =>
  /^kind:\s*["']?ResourceList["']?\s*$/m.test(text) || /^\s*\{[\s\S]{0,4096}"kind"\s*:\s*"ResourceList"/.test(text)

const annotation = (item: unknown, ...names: readonly string[]): string | undefined => {
  const annotations = ownProperty(ownProperty(item, 'metadata'), 'annotations')
  return names.map(name => asText(ownProperty(annotations, name))).find(text => text !== undefined)
}

/** Where an item came from, as the one who made the list says (functions-spec.md of kustomize). */
const fileOf = (item: unknown) => {
  const path = annotation(item, 'internal.config.kubernetes.io/path', 'config.kubernetes.io/path')
  const index = Number(annotation(item, 'internal.config.kubernetes.io/index', 'config.kubernetes.io/index') ?? 0)
  return path === undefined ? undefined : { path, index: Number.isInteger(index) ? index : 0 }
}

const keyOf = (...names: readonly (string | undefined)[]): string => JSON.stringify(names.map(name => name ?? ''))

const itemKey = (item: unknown): string => {
  const metadata = ownProperty(item, 'metadata')
  const [name, namespace] = [asText(ownProperty(metadata, 'name')), asText(ownProperty(metadata, 'namespace'))]
  return keyOf(asText(ownProperty(item, 'apiVersion')), asText(ownProperty(item, 'kind')), namespace, name)
}

const resultOf = (finding: SheetFinding, items: ReadonlyMap<string, unknown>) => {
  const { object, path, code, message, hint, action } = finding
  const file = fileOf(items.get(keyOf(object.apiVersion, object.kind, object.namespace, object.name)))
  return {
    message: `${message}${hint === '' ? '' : `; ${hint}`} [${code}]`,
    severity: action === 'deny' ? 'error' : 'warning',
    resourceRef: {
      apiVersion: object.apiVersion,
      kind: object.kind,
      name: object.name,
      ...(object.namespace === '' ? {} : { namespace: object.namespace }),
    },
    field: { path },
    ...(file === undefined ? {} : { file }),
    tags: { code },
  }
}

/** Adds results to those that earlier functions left. */
const addResults = (document: Document.Parsed, list: unknown, results: readonly object[]): void => {
  const before = document.get('results')
  if (isSeq(before)) for (const result of results) before.add(document.createNode(result))
  else document.set('results', [...asList(ownProperty(list, 'results')), ...results])
}

/** The list as it came, comments included, with the findings among its results; a failure is the end of a sentence that begins with its name. */
export const withResults = (text: string, { findings }: Pick<Sheet, 'findings'>): Result<string, string> => {
  const composed = composedIn(text)
  if (!composed.ok) return fail(`cannot be handed on: ${composed.error.what}`)
  const [document, ...others] = composed.value.filter(({ contents }) => contents !== null)
  if (document === undefined || others.length > 0)
    return fail('cannot be handed on: a ResourceList stands alone, and there are other documents beside it')
  const [error] = document.errors
  const { value: list, fatal } = plainOf(document.contents)
  if (error !== undefined || fatal !== undefined) return fail('cannot be handed on: it is broken')
  const byKey = new Map(asList(ownProperty(list, 'items')).map(item => [itemKey(item), item]))
  if (findings.length > 0)
    addResults(
      document,
      list,
      findings.map(finding => resultOf(finding, byKey)),
    )
  return ok(document.toString({ lineWidth: 0 }))
}
