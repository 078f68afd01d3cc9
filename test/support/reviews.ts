import { builtInKinds, findKind } from '../../src/workload/kinds.ts'

/** A review as the API server sends it; what is given replaces what is ordinary. */
export const reviewOf = (object: unknown, given: Readonly<Record<string, unknown>> = {}): object => {
  const { apiVersion = '', kind = '' } = object as { readonly apiVersion?: string; readonly kind?: string }
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  const resource = findKind(builtInKinds, group, kind)?.resource ?? `${kind.toLowerCase()}s`
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'c0ffee',
      kind: { group, version, kind },
      resource: { group, version, resource },
      namespace: 'shop',
      operation: 'CREATE',
      object,
      oldObject: null,
      dryRun: false,
      ...given,
    },
  }
}

/** A pod with these images. */
export const podWith = (images: readonly string[], given: Readonly<Record<string, unknown>> = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) },
  ...given,
})

/** A Deployment with this image. */
export const deploymentWith = (image: string, given: Readonly<Record<string, unknown>> = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { replicas: 1, template: { spec: { containers: [{ name: 'web', image }] } } },
  ...given,
})
