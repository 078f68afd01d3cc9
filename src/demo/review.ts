import { builtInKinds, findKind } from '../workload/kinds.ts'
import { withDefaults } from './defaults.ts'
import type { Manifest } from './manifest.ts'

/** What differs from one review to the next. */
export interface Occasion {
  readonly uid: string
  readonly objectUid: string
  readonly now: Date
}

/** The namespace of the demo. */
export const namespace = 'shop'

const groupVersion = (apiVersion: string): { readonly group: string; readonly version: string } => {
  const [first = '', version] = apiVersion.split('/')
  return version === undefined ? { group: '', version: first } : { group: first, version }
}

/** The API group of a manifest; '' is the core group. */
export const groupOf = ({ apiVersion }: Manifest): string => groupVersion(apiVersion).group

/** The object as it stands when webhooks are asked: with identity, with defaults, and as kubectl annotates it. */
const asCreated = (manifest: Manifest, { objectUid, now }: Occasion): unknown => ({
  ...(withDefaults(manifest) as Manifest),
  metadata: {
    ...manifest.metadata,
    namespace,
    uid: objectUid,
    creationTimestamp: now.toISOString().replace(/\.\d+Z$/, 'Z'),
    generation: 1,
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(manifest)}\n` },
  },
  status: {},
})

/** The review that an API server sends to a validating webhook when `kubectl apply` creates the object. */
export const reviewOf = (manifest: Manifest, occasion: Occasion): object => {
  const { group, version } = groupVersion(manifest.apiVersion)
  const kind = { group, version, kind: manifest.kind }
  const resource = { group, version, resource: findKind(builtInKinds, group, manifest.kind)?.resource ?? '' }
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: occasion.uid,
      kind,
      resource,
      requestKind: kind,
      requestResource: resource,
      name: manifest.metadata.name,
      namespace,
      operation: 'CREATE',
      userInfo: { username: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'system:authenticated'] },
      object: asCreated(manifest, occasion),
      oldObject: null,
      dryRun: false,
      options: {
        kind: 'CreateOptions',
        apiVersion: 'meta.k8s.io/v1',
        fieldManager: 'kubectl-client-side-apply',
        fieldValidation: 'Strict',
      },
    },
  }
}
