/** The parts of a control plane, in the order in which they start. */
export const controlParts = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const

/** One of them. */
export type ControlPart = (typeof controlParts)[number]

/** What the flags are made from. */
export interface FlagSources {
  /** The path of a file in the cluster's folder. */
  readonly at: (name: string) => string
  readonly ports: Readonly<Record<ControlPart | 'etcd peers', number>>
}

type Flags = Readonly<Record<string, string | number | boolean>>

const etcdFlags = ({ at, ports }: FlagSources): Flags => {
  const clients = `http://127.0.0.1:${ports.etcd}`
  const peers = `http://127.0.0.1:${ports['etcd peers']}`
  return {
    name: 'etcd',
    'data-dir': at('etcd'),
    'unsafe-no-fsync': true,
    'log-level': 'warn',
    'listen-client-urls': clients,
    'advertise-client-urls': clients,
    'listen-peer-urls': peers,
    'initial-advertise-peer-urls': peers,
    'initial-cluster': `etcd=${peers}`,
  }
}

const apiServerFlags = ({ at, ports }: FlagSources): Flags => ({
  'etcd-servers': `http://127.0.0.1:${ports.etcd}`,
  'bind-address': '127.0.0.1',
  'secure-port': ports['kube-apiserver'],
  // No Service is made of the API server itself, whose address may not be a loopback one.
  'advertise-address': '127.0.0.1',
  'endpoint-reconciler-type': 'none',
  // It calls a Service's endpoints itself, for there is no kube-proxy.
  'enable-aggregator-routing': true,
  'tls-cert-file': at('pki/kube-apiserver.crt'),
  'tls-private-key-file': at('pki/kube-apiserver.key'),
  'client-ca-file': at('pki/ca.crt'),
  'authorization-mode': 'Node,RBAC',
  'enable-admission-plugins': 'NodeRestriction',
  'anonymous-auth': true,
  'service-account-issuer': 'https://kubernetes.default.svc',
  'service-account-key-file': at('pki/service-accounts.pub'),
  'service-account-signing-key-file': at('pki/service-accounts.key'),
  'kubelet-client-certificate': at('pki/kubelet-client.crt'),
  'kubelet-client-key': at('pki/kubelet-client.key'),
  'kubelet-certificate-authority': at('pki/ca.crt'),
  'kubelet-preferred-address-types': 'InternalIP',
  'service-cluster-ip-range': '10.96.0.0/24',
  'allow-privileged': true,
  profiling: false,
})

const followerFlags = (part: ControlPart, { at, ports }: FlagSources): Flags => ({
  kubeconfig: at(`${part}.kubeconfig`),
  'authentication-kubeconfig': at(`${part}.kubeconfig`),
  'authorization-kubeconfig': at(`${part}.kubeconfig`),
  'bind-address': '127.0.0.1',
  'secure-port': ports[part],
  'leader-elect': false,
  profiling: false,
})

const controllerFlags = (sources: FlagSources): Flags => ({
  ...followerFlags('kube-controller-manager', sources),
  'use-service-account-credentials': true,
  'service-account-private-key-file': sources.at('pki/service-accounts.key'),
  'root-ca-file': sources.at('pki/ca.crt'),
  'cluster-signing-cert-file': sources.at('pki/ca.crt'),
  'cluster-signing-key-file': sources.at('pki/ca.key'),
})

const flagsFor: Readonly<Record<ControlPart, (sources: FlagSources) => Flags>> = {
  etcd: etcdFlags,
  'kube-apiserver': apiServerFlags,
  'kube-controller-manager': controllerFlags,
  'kube-scheduler': sources => followerFlags('kube-scheduler', sources),
}

/** The flags of a part, as arguments. */
export const argumentsOf = (part: ControlPart, sources: FlagSources): readonly string[] =>
  Object.entries(flagsFor[part](sources)).map(([name, value]) => `--${name}=${value}`)
