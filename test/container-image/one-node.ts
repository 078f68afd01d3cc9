import type { StandingCluster } from '../cluster/real/standing-cluster.ts'

/**
 * Values of the chart for a cluster of one node, without a kube-proxy and without a network between its pods and the API server: the
 * pods use the node's own, so there is room for one.
 */
export const oneNodeValues = ({ url, machine }: Pick<StandingCluster, 'url' | 'machine'>) => ({
  image: { repository: `${machine.registries.open}/pullgate/pullgate` },
  replicas: 1,
  hostNetwork: true,
  extraEnv: [
    { name: 'KUBERNETES_SERVICE_HOST', value: new URL(url).hostname },
    { name: 'KUBERNETES_SERVICE_PORT', value: new URL(url).port },
  ],
  extraVolumes: [{ name: 'certs-d', configMap: { name: 'certs-d' } }],
  // A colon may not stand in a mountPath: containerd reads such a folder under this name too.
  extraVolumeMounts: [{ name: 'certs-d', mountPath: '/etc/certs.d/registry.test_5000_' }],
})
