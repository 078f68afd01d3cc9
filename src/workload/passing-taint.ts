// Taints that say how a node is doing, not whom it is for: whoever set them takes them off again, or the node with them.

const keys: ReadonlySet<string> = new Set([
  // k8s.io/api core/v1 well_known_taints.go; out-of-service is not among them, since an administrator sets it and takes it off.
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
  'node.kubernetes.io/unschedulable',
  'node.kubernetes.io/memory-pressure',
  'node.kubernetes.io/disk-pressure',
  'node.kubernetes.io/pid-pressure',
  'node.kubernetes.io/network-unavailable',
  // k8s.io/cloud-provider api/well_known_taints.go
  'node.cloudprovider.kubernetes.io/uninitialized',
  'node.cloudprovider.kubernetes.io/shutdown',
  // kubernetes-sigs/cluster-api api/core
  'node.cluster.x-k8s.io/uninitialized',
  // kubernetes/autoscaler cluster-autoscaler/utils/taints/taints.go
  'ToBeDeletedByClusterAutoscaler',
  'DeletionCandidateOfClusterAutoscaler',
  'NodeWithImpairedVolumes',
  'cloud.google.com/impending-node-termination',
  // kubernetes-sigs/karpenter pkg/apis/v1/taints.go and pkg/apis/v1beta1/taints.go
  'karpenter.sh/disrupted',
  'karpenter.sh/disruption',
  'karpenter.sh/unregistered',
])

// kubernetes/autoscaler cluster-autoscaler/utils/taints/taints.go: taints by which others tell the autoscaler that they are temporary.
const prefixes = [
  'ignore-taint.cluster-autoscaler.kubernetes.io/',
  'startup-taint.cluster-autoscaler.kubernetes.io/',
  'status-taint.cluster-autoscaler.kubernetes.io/',
]

// What an agent takes off a new node once it works there: node.cilium.io, ebs.csi.aws.com, efs.csi.aws.com, fsx.csi.aws.com.
const startupSuffix = '/agent-not-ready'

/** Whether a taint of this key passes by itself, so that the node counts in spite of it. */
export const isPassing = (key: string): boolean =>
  keys.has(key) || key.endsWith(startupSuffix) || prefixes.some(prefix => key.startsWith(prefix))
