import type { KubeObject } from './client.ts'

/** A pod with one container. */
export const podOf = (namespace: string, name: string, image: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace },
  spec: { containers: [{ name: 'main', image }] },
})

interface Status {
  readonly phase?: string
  readonly containerStatuses?: readonly {
    readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } }
  }[]
}

/** How far the node has got with a pod of one container. */
export const progressOf = (
  pod: KubeObject,
): { readonly phase: string; readonly waitsFor: string; readonly message: string } => {
  const { phase = '', containerStatuses = [] } = pod['status'] as Status
  const { reason = '', message = '' } = containerStatuses[0]?.state?.waiting ?? {}
  return { phase, waitsFor: reason, message }
}
