import { ok, type Result } from '../lib/result.ts'
import { asList, asText, ownProperty } from '../lib/untrusted.ts'
import type { ApiFailure } from './api-failure.ts'
import type { ApiServer } from './api-server.ts'
import { keepObject } from './kept-object.ts'

/** One of the API groups for reports that a cluster may have; both have the same shape but for a few names. */
export type ReportGroup = 'wgpolicyk8s.io' | 'openreports.io'

const bases = {
  'wgpolicyk8s.io': {
    path: '/apis/wgpolicyk8s.io/v1alpha2',
    inNamespace: 'policyreports',
    ofCluster: 'clusterpolicyreports',
  },
  'openreports.io': { path: '/apis/openreports.io/v1alpha1', inNamespace: 'reports', ofCluster: 'clusterreports' },
} as const

/** The groups for reports that the cluster has; of both the reports would be shown twice by some, so that each reads the one it knows. */
export const reportGroups = async (
  api: Pick<ApiServer, 'get'>,
  signal: AbortSignal,
): Promise<Result<readonly ReportGroup[], ApiFailure>> => {
  const answer = await api.get('/apis', signal)
  if (!answer.ok) return answer
  const offered = asList(ownProperty(answer.value, 'groups')).flatMap(group => {
    const versions = asList(ownProperty(group, 'versions')).map(each => asText(ownProperty(each, 'groupVersion')))
    return versions.map(version => `/apis/${version}`)
  })
  return ok((Object.keys(bases) as ReportGroup[]).filter(group => offered.includes(bases[group].path)))
}

const collectionOf = (group: ReportGroup, namespace: string): string => {
  const { path, inNamespace, ofCluster } = bases[group]
  return namespace === '' ? `${path}/${ofCluster}` : `${path}/namespaces/${namespace}/${inNamespace}`
}

/** Reads the report of a namespace. */
export const readReport = (
  api: Pick<ApiServer, 'get'>,
  group: ReportGroup,
  namespace: string,
  signal: AbortSignal,
): Promise<Result<unknown, ApiFailure>> => api.get(`${collectionOf(group, namespace)}/pullgate`, signal)

/** Writes a report in the place of the one before. */
export const keepReport = (
  api: Pick<ApiServer, 'get' | 'post' | 'put'>,
  group: ReportGroup,
  report: { readonly metadata: { readonly name: string; readonly namespace?: string } },
  signal: AbortSignal,
): Promise<Result<unknown, ApiFailure>> =>
  keepObject(api, collectionOf(group, report.metadata.namespace ?? ''), report, signal)

/** Removes the report of a namespace that has nothing left to report on; that it is gone already is as good. */
export const removeReport = async (
  api: Pick<ApiServer, 'remove'>,
  group: ReportGroup,
  namespace: string,
  signal: AbortSignal,
): Promise<Result<unknown, ApiFailure>> => {
  const removed = await api.remove(`${collectionOf(group, namespace)}/pullgate`, signal)
  return !removed.ok && removed.error.kind === 'missing' ? ok(undefined) : removed
}
