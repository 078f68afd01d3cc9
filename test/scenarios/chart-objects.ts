import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'

// What the chart renders by default; a test of the chart keeps it true.
const rendered = new URL('../chart/golden/defaults.yaml', import.meta.url)

/** A rule of a webhook, as the chart writes it. */
export interface HookRule {
  readonly operations: readonly string[]
  readonly apiGroups: readonly string[]
  readonly apiVersions: readonly string[]
  readonly resources: readonly string[]
}

/** A webhook, as the chart writes it. */
export interface Hook {
  readonly name: string
  readonly namespaceSelector: { readonly matchExpressions: readonly object[] }
  readonly rules: readonly HookRule[]
  readonly timeoutSeconds: number
}

const find = (kind: string): unknown =>
  parseAllDocuments(readFileSync(rendered, 'utf8'))
    .map(document => document.toJS() as { readonly kind: string } | null)
    .find(object => object?.kind === kind)

/** The webhooks that the chart registers for a release in a namespace. */
export const chartHooks = (namespace: string): readonly Hook[] => {
  const { webhooks } = find('ValidatingWebhookConfiguration') as { readonly webhooks: readonly Hook[] }
  return JSON.parse(JSON.stringify(webhooks).replaceAll('"pullgate-system"', JSON.stringify(namespace)))
}

/** What the chart lets Pullgate's account do. */
export const chartRights = (): readonly object[] => (find('ClusterRole') as { readonly rules: readonly object[] }).rules
