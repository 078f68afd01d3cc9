/** A node, as the API server gives it, in as few words as it takes. */
export const node = (labels: object = {}, taints: readonly string[] = [], name = 'n1', os = 'linux'): object => ({
  metadata: { name, labels },
  spec: { taints: taints.map(taint) },
  status: { nodeInfo: { architecture: 'amd64', operatingSystem: os } },
})

const taint = (text: string): object => {
  const [, key, value = '', effect] = /^([^=:]*)(?:=(.*))?:(\w+)$/.exec(text) ?? []
  return { key, value, effect }
}

type Requirement = readonly [key: string, operator: string, ...values: readonly string[]]

const requirement = ([key, operator, ...values]: Requirement): object => ({ key, operator, values })

const affinity = (...nodeSelectorTerms: readonly unknown[]): object => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
})

const labels = (...list: readonly Requirement[]): object => ({ matchExpressions: list.map(requirement) })
const fields = (...list: readonly Requirement[]): object => ({ matchFields: list.map(requirement) })

/** A pod spec with one required term. */
const needs = (...list: readonly Requirement[]): object => affinity(labels(...list))
const tolerates = (...tolerations: readonly object[]): object => ({ tolerations })
const selector = (nodeSelector: object): object => ({ nodeSelector })

const ssd = { disk: 'ssd', cores: '16', empty: '', 'example.com/team': 'a' }

const lands = true
const stays = false

/** A pod spec, a node, whether the pod may land there, and why. */
type Row = readonly [outcome: boolean, why: string, spec: object, node: object]

/** Pods that ask for nothing, and pods with a node selector. */
export const selectorRows: readonly Row[] = [
  [lands, 'a pod that asks for nothing fits any node', {}, node(ssd)],
  [lands, 'null asks for nothing', { nodeSelector: null, affinity: null, tolerations: null }, node()],
  [lands, 'an empty selector asks for nothing', selector({}), node()],
  [lands, 'the label has the value', selector({ disk: 'ssd' }), node(ssd)],
  [stays, 'the label has another value', selector({ disk: 'hdd' }), node(ssd)],
  [stays, 'the node has no such label', selector({ gpu: 'yes' }), node(ssd)],
  [lands, 'all labels have their values', selector({ disk: 'ssd', cores: '16' }), node(ssd)],
  [stays, 'one of two labels has another value', selector({ disk: 'ssd', cores: '8' }), node(ssd)],
  [lands, 'an empty value is a value', selector({ empty: '' }), node(ssd)],
  [stays, 'a missing label is not an empty one', selector({ gpu: '' }), node(ssd)],
  [lands, 'null is the empty value, in Go', selector({ empty: null }), node(ssd)],
  [stays, 'values are case-sensitive', selector({ disk: 'SSD' }), node(ssd)],
  [stays, 'keys are case-sensitive', selector({ Disk: 'ssd' }), node(ssd)],
  [stays, 'a selector is not checked for its syntax: it matches no label', selector({ disk: '!' }), node(ssd)],
  [
    lands,
    'a label called __proto__ is a label',
    JSON.parse('{"nodeSelector": {"__proto__": "a"}}'),
    node(JSON.parse('{"__proto__": "a"}')),
  ],
  [stays, 'what objects inherit is no label', selector({ constructor: 'Object' }), node(ssd)],
  [
    stays,
    'selector and affinity both count: the selector fails',
    { ...selector({ disk: 'hdd' }), ...needs(['cores', 'Exists']) },
    node(ssd),
  ],
  [
    stays,
    'selector and affinity both count: the affinity fails',
    { ...selector({ disk: 'ssd' }), ...needs(['gpu', 'Exists']) },
    node(ssd),
  ],
  [
    lands,
    'selector and affinity both hold',
    { ...selector({ disk: 'ssd' }), ...needs(['cores', 'Exists']) },
    node(ssd),
  ],
  [stays, 'a node without labels fits no selector', selector({ disk: 'ssd' }), { metadata: { name: 'n1' } }],
]

/** How terms go together. */
export const termRows: readonly Row[] = [
  [
    lands,
    'preferred affinity binds nobody',
    {
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: labels(['gpu', 'Exists']) }],
        },
      },
    },
    node(ssd),
  ],
  [lands, 'node affinity that is null asks for nothing', { affinity: { nodeAffinity: null } }, node(ssd)],
  [
    lands,
    'required affinity that is null asks for nothing',
    { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: null } } },
    node(ssd),
  ],
  [stays, 'required affinity without terms fits no node', affinity(), node(ssd)],
  [
    stays,
    'required affinity whose terms are null fits no node',
    { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} } } },
    node(ssd),
  ],
  [stays, 'an empty term fits no node', affinity({}), node(ssd)],
  [stays, 'a term that is null is an empty one', affinity(null), node(ssd)],
  [stays, 'a term of empty lists is an empty one', affinity({ matchExpressions: [], matchFields: [] }), node(ssd)],
  [lands, 'an empty term spoils no other', affinity({}, labels(['disk', 'In', 'ssd'])), node(ssd)],
  [
    lands,
    'one term of two is enough',
    affinity(labels(['disk', 'In', 'hdd']), labels(['disk', 'In', 'ssd'])),
    node(ssd),
  ],
  [stays, 'none of two terms fits', affinity(labels(['disk', 'In', 'hdd']), labels(['gpu', 'Exists'])), node(ssd)],
  [stays, 'all requirements of a term must hold', needs(['disk', 'In', 'ssd'], ['gpu', 'Exists']), node(ssd)],
  [lands, 'all requirements of a term hold', needs(['disk', 'In', 'ssd'], ['cores', 'Gt', '8']), node(ssd)],
  [
    stays,
    'a malformed requirement spoils its term',
    needs(['disk', 'In', 'ssd'], ['disk', 'Equals', 'ssd']),
    node(ssd),
  ],
  [
    lands,
    'a malformed term spoils no other',
    affinity(labels(['disk', 'Equals', 'ssd']), labels(['disk', 'In', 'ssd'])),
    node(ssd),
  ],
  [stays, 'a requirement that is null has no operator', affinity({ matchExpressions: [null] }), node(ssd)],
  [
    stays,
    'labels and fields of a term both count',
    affinity({ ...labels(['disk', 'In', 'ssd']), ...fields(['metadata.name', 'In', 'n2']) }),
    node(ssd),
  ],
  [
    lands,
    'labels and fields of a term both hold',
    affinity({ ...labels(['disk', 'In', 'ssd']), ...fields(['metadata.name', 'In', 'n1']) }),
    node(ssd),
  ],
  [
    lands,
    'affinity to other pods is not looked at: it tells no platform',
    { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'x' }] } } },
    node(ssd),
  ],
]

/** The operators on labels. */
export const operatorRows: readonly Row[] = [
  [lands, 'In: the value is in the list', needs(['disk', 'In', 'hdd', 'ssd']), node(ssd)],
  [stays, 'In: the value is not in the list', needs(['disk', 'In', 'hdd', 'nvme']), node(ssd)],
  [stays, 'In: there is no such label', needs(['gpu', 'In', 'yes']), node(ssd)],
  [stays, 'In: a missing label is not the empty value', needs(['gpu', 'In', '']), node(ssd)],
  [lands, 'In: the empty value may be in the list', needs(['empty', 'In', '']), node(ssd)],
  [stays, 'In without values is malformed', needs(['disk', 'In']), node(ssd)],
  [lands, 'In: a value may stand in the list twice', needs(['disk', 'In', 'ssd', 'ssd']), node(ssd)],
  [stays, 'In: one value that no label can have spoils the term', needs(['disk', 'In', 'ssd', 'a b']), node(ssd)],
  [
    stays,
    'In: a value of 64 characters is none that a label can have',
    needs(['disk', 'In', 'ssd', 'a'.repeat(64)]),
    node(ssd),
  ],
  [lands, 'In: a value of 63 characters is fine', needs(['disk', 'In', 'ssd', 'a'.repeat(63)]), node(ssd)],
  [stays, 'In: a value must not end in a dash', needs(['disk', 'In', 'ssd', 'a-']), node(ssd)],
  [lands, 'In: dots, dashes and underscores inside a value are fine', needs(['disk', 'In', 'ssd', 'a.-_b']), node(ssd)],
  [stays, 'NotIn: the value is in the list', needs(['disk', 'NotIn', 'ssd']), node(ssd)],
  [lands, 'NotIn: the value is not in the list', needs(['disk', 'NotIn', 'hdd']), node(ssd)],
  [lands, 'NotIn: there is no such label', needs(['gpu', 'NotIn', 'yes']), node(ssd)],
  [stays, 'NotIn without values is malformed', needs(['disk', 'NotIn']), node(ssd)],
  [stays, 'NotIn: one value that no label can have spoils the term', needs(['disk', 'NotIn', 'ü']), node(ssd)],
  [lands, 'Exists: there is such a label', needs(['disk', 'Exists']), node(ssd)],
  [lands, 'Exists: an empty label exists', needs(['empty', 'Exists']), node(ssd)],
  [stays, 'Exists: there is no such label', needs(['gpu', 'Exists']), node(ssd)],
  [stays, 'Exists with a value is malformed', needs(['disk', 'Exists', 'ssd']), node(ssd)],
  [stays, 'DoesNotExist: there is such a label', needs(['disk', 'DoesNotExist']), node(ssd)],
  [lands, 'DoesNotExist: there is no such label', needs(['gpu', 'DoesNotExist']), node(ssd)],
  [stays, 'DoesNotExist with a value is malformed', needs(['gpu', 'DoesNotExist', 'yes']), node(ssd)],
  [lands, 'Gt: 16 is above 8', needs(['cores', 'Gt', '8']), node(ssd)],
  [lands, 'Gt compares numbers, not text: 16 is above 9', needs(['cores', 'Gt', '9']), node(ssd)],
  [stays, 'Gt: 16 is not above itself', needs(['cores', 'Gt', '16']), node(ssd)],
  [stays, 'Gt: there is no such label', needs(['gpu', 'Gt', '0']), node(ssd)],
  [stays, 'Gt: the label is no number', needs(['disk', 'Gt', '0']), node(ssd)],
  [stays, 'Gt with two values is malformed', needs(['cores', 'Gt', '8', '9']), node(ssd)],
  [stays, 'Gt without a value is malformed', needs(['cores', 'Gt']), node(ssd)],
  [stays, 'Gt: the value is no number', needs(['cores', 'Gt', 'few']), node(ssd)],
  [stays, 'Gt: a fraction is no integer', needs(['cores', 'Gt', '8.5']), node(ssd)],
  [stays, 'Gt: a negative number is no label value, so that it is malformed', needs(['cores', 'Gt', '-1']), node(ssd)],
  [lands, 'Gt: leading zeros are fine', needs(['cores', 'Gt', '0008']), node(ssd)],
  [
    lands,
    'Gt: numbers above 2^53 are still exact',
    needs(['big', 'Gt', '9007199254740992']),
    node({ big: '9007199254740993' }),
  ],
  [
    lands,
    'Gt: the greatest number has 63 bits',
    needs(['big', 'Gt', '9223372036854775806']),
    node({ big: '9223372036854775807' }),
  ],
  [
    stays,
    'Gt: a value of more than 63 bits is malformed',
    needs(['big', 'Gt', '9223372036854775808']),
    node({ big: '1' }),
  ],
  [
    stays,
    'Gt: a label of more than 63 bits is no number',
    needs(['big', 'Gt', '1']),
    node({ big: '9223372036854775808' }),
  ],
  [lands, 'Lt: 16 is below 17', needs(['cores', 'Lt', '17']), node(ssd)],
  [stays, 'Lt: 16 is not below itself', needs(['cores', 'Lt', '16']), node(ssd)],
  [stays, 'Lt: there is no such label', needs(['gpu', 'Lt', '1']), node(ssd)],
  [
    lands,
    'Lt: a label may be negative as far as the comparison goes',
    needs(['temperature', 'Lt', '0']),
    node({ temperature: '-5' }),
  ],
  [stays, 'an operator in lower case is unknown', needs(['disk', 'in', 'ssd']), node(ssd)],
  [stays, 'no operator is unknown too', needs(['disk', '', 'ssd']), node(ssd)],
  [lands, 'a key may have a domain', needs(['example.com/team', 'Exists']), node(ssd)],
  [stays, 'an empty key is malformed', needs(['', 'DoesNotExist']), node(ssd)],
  [stays, 'a key with an empty domain is malformed', needs(['/gpu', 'DoesNotExist']), node(ssd)],
  [stays, 'a key with two slashes is malformed', needs(['a/b/c', 'DoesNotExist']), node(ssd)],
  [stays, 'a domain in upper case is malformed', needs(['Example.com/gpu', 'DoesNotExist']), node(ssd)],
  [stays, 'a key of 64 characters is malformed', needs(['a'.repeat(64), 'DoesNotExist']), node(ssd)],
  [stays, 'a domain of 254 characters is malformed', needs([`${'a.'.repeat(126)}aa/gpu`, 'DoesNotExist']), node(ssd)],
  [lands, 'a domain of 253 characters is fine', needs([`${'a.'.repeat(126)}a/gpu`, 'DoesNotExist']), node(ssd)],
]

/** Requirements on fields. */
export const fieldRows: readonly Row[] = [
  [lands, 'the node has the name', affinity(fields(['metadata.name', 'In', 'n1'])), node(ssd)],
  [stays, 'the node has another name', affinity(fields(['metadata.name', 'In', 'n2'])), node(ssd)],
  [stays, 'In takes one value of a field', affinity(fields(['metadata.name', 'In', 'n1', 'n2'])), node(ssd)],
  [stays, 'In without a value of a field is malformed', affinity(fields(['metadata.name', 'In'])), node(ssd)],
  [stays, 'NotIn: the node has the name', affinity(fields(['metadata.name', 'NotIn', 'n1'])), node(ssd)],
  [lands, 'NotIn: the node has another name', affinity(fields(['metadata.name', 'NotIn', 'n2'])), node(ssd)],
  [stays, 'Exists is for labels only', affinity(fields(['metadata.name', 'Exists'])), node(ssd)],
  [stays, 'Gt is for labels only', affinity(fields(['metadata.name', 'Gt', '1'])), node({}, [], '2')],
  [stays, 'any other field is empty', affinity(fields(['spec.podCIDR', 'In', 'n1'])), node(ssd)],
  [lands, 'any other field is empty, and not n1', affinity(fields(['spec.podCIDR', 'NotIn', 'n1'])), node(ssd)],
  [
    lands,
    'a node without a name has no fields, and no requirement on them counts',
    affinity(fields(['metadata.name', 'In', 'n1'])),
    node(ssd, [], ''),
  ],
]

const gpu = ['gpu=a100:NoSchedule']

/** Taints and tolerations. */
export const taintRows: readonly Row[] = [
  [stays, 'NoSchedule keeps pods away', {}, node({}, gpu)],
  [stays, 'NoExecute keeps pods away', {}, node({}, ['gpu:NoExecute'])],
  [lands, 'PreferNoSchedule is a wish', {}, node({}, ['gpu:PreferNoSchedule'])],
  [lands, 'an effect that nobody knows keeps nobody away', {}, node({}, ['gpu:Whatever'])],
  [
    lands,
    'key, value and effect are tolerated',
    tolerates({ key: 'gpu', operator: 'Equal', value: 'a100', effect: 'NoSchedule' }),
    node({}, gpu),
  ],
  [lands, 'no operator is Equal', tolerates({ key: 'gpu', value: 'a100', effect: 'NoSchedule' }), node({}, gpu)],
  [stays, 'Equal with another value', tolerates({ key: 'gpu', operator: 'Equal', value: 'h100' }), node({}, gpu)],
  [stays, 'Equal without a value is the empty value', tolerates({ key: 'gpu', operator: 'Equal' }), node({}, gpu)],
  [lands, 'a taint without a value has the empty value', tolerates({ key: 'gpu' }), node({}, ['gpu:NoSchedule'])],
  [lands, 'Exists covers any value', tolerates({ key: 'gpu', operator: 'Exists' }), node({}, gpu)],
  [lands, 'Exists heeds no value of its own', tolerates({ key: 'gpu', operator: 'Exists', value: 'x' }), node({}, gpu)],
  [stays, 'Exists of another key', tolerates({ key: 'tpu', operator: 'Exists' }), node({}, gpu)],
  [
    lands,
    'Exists without a key covers every taint',
    tolerates({ operator: 'Exists' }),
    node({}, [...gpu, 'db=yes:NoExecute']),
  ],
  [
    lands,
    'Equal without a key goes by the value alone',
    tolerates({ operator: 'Equal', value: 'a100' }),
    node({}, gpu),
  ],
  [stays, 'Equal without a key, and another value', tolerates({ operator: 'Equal', value: 'x' }), node({}, gpu)],
  [lands, 'no effect is every effect', tolerates({ key: 'gpu', operator: 'Exists' }), node({}, ['gpu:NoExecute'])],
  [
    stays,
    'another effect is not tolerated',
    tolerates({ key: 'gpu', operator: 'Exists', effect: 'NoExecute' }),
    node({}, gpu),
  ],
  [
    stays,
    'of two taints one is not tolerated',
    tolerates({ key: 'gpu', operator: 'Exists' }),
    node({}, [...gpu, 'db:NoSchedule']),
  ],
  [
    lands,
    'two tolerations for two taints',
    tolerates({ key: 'gpu', operator: 'Exists' }, { key: 'db' }),
    node({}, [...gpu, 'db:NoSchedule']),
  ],
  [
    stays,
    'one key with two effects needs both',
    tolerates({ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }),
    node({}, ['gpu:NoSchedule', 'gpu:NoExecute']),
  ],
  [
    lands,
    'tolerated for some time is tolerated: the image is pulled all the same',
    tolerates({ key: 'gpu', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 0 }),
    node({}, ['gpu:NoExecute']),
  ],
  [
    stays,
    'an unknown operator tolerates nothing',
    tolerates({ key: 'gpu', operator: 'In', value: 'a100' }),
    node({}, gpu),
  ],
  [stays, 'a toleration that is null covers the empty value only', { tolerations: [null] }, node({}, gpu)],
  [
    lands,
    'a toleration that is null covers the empty value of any key',
    { tolerations: [null] },
    node({}, ['gpu:NoSchedule']),
  ],
  [
    stays,
    'tolerating is not asking',
    { ...tolerates({ operator: 'Exists' }), ...selector({ gpu: 'yes' }) },
    node({}, gpu),
  ],
  [
    lands,
    'Lt: the taint is below',
    tolerates({ key: 'cost', operator: 'Lt', value: '10' }),
    node({}, ['cost=9:NoSchedule']),
  ],
  [
    stays,
    'Lt: the taint is not below',
    tolerates({ key: 'cost', operator: 'Lt', value: '10' }),
    node({}, ['cost=10:NoSchedule']),
  ],
  [
    lands,
    'Gt: the taint is above',
    tolerates({ key: 'cost', operator: 'Gt', value: '9' }),
    node({}, ['cost=10:NoSchedule']),
  ],
  [
    lands,
    'Gt: numbers may be negative',
    tolerates({ key: 'cost', operator: 'Gt', value: '-9' }),
    node({}, ['cost=-8:NoSchedule']),
  ],
  [
    stays,
    'Gt: leading zeros are no number here',
    tolerates({ key: 'cost', operator: 'Gt', value: '09' }),
    node({}, ['cost=10:NoSchedule']),
  ],
  [
    stays,
    'Gt: the taint is no number',
    tolerates({ key: 'cost', operator: 'Gt', value: '9' }),
    node({}, ['cost=high:NoSchedule']),
  ],
  [
    stays,
    'Lt: the taint is no number, and not zero either',
    tolerates({ key: 'cost', operator: 'Lt', value: '9' }),
    node({}, ['cost=low:NoSchedule']),
  ],
  [
    stays,
    'Lt: minus zero is no number',
    tolerates({ key: 'cost', operator: 'Lt', value: '-0' }),
    node({}, ['cost=-1:NoSchedule']),
  ],
  [
    stays,
    'Lt: more than 63 bits is no number',
    tolerates({ key: 'cost', operator: 'Lt', value: '9223372036854775808' }),
    node({}, ['cost=1:NoSchedule']),
  ],
]

/** Taints that pass by themselves. */
export const passingRows: readonly Row[] = [
  [lands, 'the node is starting', {}, node({}, ['node.kubernetes.io/not-ready:NoSchedule'])],
  [lands, 'the node is gone for a while', {}, node({}, ['node.kubernetes.io/unreachable:NoExecute'])],
  [lands, 'the node is cordoned', {}, node({}, ['node.kubernetes.io/unschedulable:NoSchedule'])],
  [
    lands,
    'the node is cordoned, and the taint is yet to come',
    {},
    { metadata: { name: 'n1' }, spec: { unschedulable: true } },
  ],
  [lands, 'the node is short of memory', {}, node({}, ['node.kubernetes.io/memory-pressure:NoSchedule'])],
  [lands, 'the node is short of disk', {}, node({}, ['node.kubernetes.io/disk-pressure:NoSchedule'])],
  [lands, 'the node is short of processes', {}, node({}, ['node.kubernetes.io/pid-pressure:NoSchedule'])],
  [lands, 'the node has no network yet', {}, node({}, ['node.kubernetes.io/network-unavailable:NoSchedule'])],
  [
    lands,
    'the cloud has not confirmed the node yet',
    {},
    node({}, ['node.cloudprovider.kubernetes.io/uninitialized=true:NoSchedule']),
  ],
  [lands, 'the cloud has stopped the node', {}, node({}, ['node.cloudprovider.kubernetes.io/shutdown:NoSchedule'])],
  [lands, 'Cluster API has not linked the node yet', {}, node({}, ['node.cluster.x-k8s.io/uninitialized:NoSchedule'])],
  [
    lands,
    'the autoscaler is about to remove the node',
    {},
    node({}, ['ToBeDeletedByClusterAutoscaler=1763720000:NoSchedule']),
  ],
  [
    lands,
    'the autoscaler may remove the node',
    {},
    node({}, ['DeletionCandidateOfClusterAutoscaler=1763720000:PreferNoSchedule']),
  ],
  [lands, 'Karpenter is replacing the node', {}, node({}, ['karpenter.sh/disrupted:NoSchedule'])],
  [
    lands,
    'Karpenter is replacing the node, before its version 1',
    {},
    node({}, ['karpenter.sh/disruption=disrupting:NoSchedule']),
  ],
  [lands, 'Karpenter has not registered the node yet', {}, node({}, ['karpenter.sh/unregistered:NoExecute'])],
  [
    lands,
    'GKE is about to take the node back',
    {},
    node({}, ['cloud.google.com/impending-node-termination:NoSchedule']),
  ],
  [lands, 'the network agent has not started yet', {}, node({}, ['node.cilium.io/agent-not-ready=true:NoExecute'])],
  [
    lands,
    'a taint that the autoscaler is told to be for start-up',
    {},
    node({}, ['startup-taint.cluster-autoscaler.kubernetes.io/x:NoSchedule']),
  ],
  [
    stays,
    'an administrator has taken the node out of service, and must bring it back',
    {},
    node({}, ['node.kubernetes.io/out-of-service=nodeshutdown:NoExecute']),
  ],
  [stays, 'control planes stay control planes', {}, node({}, ['node-role.kubernetes.io/control-plane:NoSchedule'])],
  [
    stays,
    'a passing taint covers no lasting one',
    {},
    node({}, ['node.kubernetes.io/not-ready:NoSchedule', 'db:NoSchedule']),
  ],
  [
    stays,
    'a key that merely begins like a passing one',
    {},
    node({}, ['node.kubernetes.io/not-ready-at-all:NoSchedule']),
  ],
]

const bound = { nodeName: 'n1' }

/** A pod that names its node, or its operating system. */
export const boundRows: readonly Row[] = [
  [lands, 'the node has the name', bound, node(ssd)],
  [stays, 'the node has another name', { nodeName: 'n2' }, node(ssd)],
  [lands, 'no name is any node', { nodeName: '' }, node(ssd)],
  [lands, 'a bound pod passes the scheduler and NoSchedule by', bound, node({}, gpu)],
  [stays, 'the kubelet heeds NoExecute', bound, node({}, ['gpu:NoExecute'])],
  [
    lands,
    'the kubelet heeds tolerations of NoExecute',
    { ...bound, ...tolerates({ key: 'gpu' }) },
    node({}, ['gpu:NoExecute']),
  ],
  [
    lands,
    'taints that pass do not count for a bound pod either',
    bound,
    node({}, ['node.kubernetes.io/unreachable:NoExecute']),
  ],
  [stays, 'the kubelet checks the selector again', { ...bound, ...selector({ disk: 'hdd' }) }, node(ssd)],
  [stays, 'the kubelet checks the affinity again', { ...bound, ...needs(['disk', 'In', 'hdd']) }, node(ssd)],
  [lands, "the system is the node's", { os: { name: 'linux' } }, node()],
  [stays, 'the kubelet of another system turns the pod away', { os: { name: 'windows' } }, node()],
  [lands, 'a Windows pod on a Windows node', { os: { name: 'windows' } }, node({}, [], 'n1', 'windows')],
  [lands, 'no system is any system', { os: null }, node({}, [], 'n1', 'windows')],
  [
    lands,
    'the system goes by what the node says of itself, not by its label',
    { os: { name: 'linux' } },
    node({ 'kubernetes.io/os': 'windows' }),
  ],
  [lands, 'a node that tells no system may have any', { os: { name: 'linux' } }, { metadata: { name: 'n1' } }],
]

const daemonTaints = [
  'node.kubernetes.io/not-ready:NoExecute',
  'node.kubernetes.io/unreachable:NoExecute',
  'node.kubernetes.io/disk-pressure:NoSchedule',
  'node.kubernetes.io/memory-pressure:NoSchedule',
  'node.kubernetes.io/pid-pressure:NoSchedule',
  'node.kubernetes.io/unschedulable:NoSchedule',
  'node.kubernetes.io/network-unavailable:NoSchedule',
]

/** The pods of a DaemonSet. */
export const daemonRows: readonly Row[] = [
  [lands, 'the controller adds tolerations for all of these', {}, node({}, daemonTaints)],
  [stays, 'the controller adds none for other taints', {}, node({}, gpu)],
  [
    stays,
    'the controller adds none for the control plane',
    {},
    node({}, ['node-role.kubernetes.io/control-plane:NoSchedule']),
  ],
  [lands, 'tolerations of the template count', tolerates({ operator: 'Exists' }), node({}, gpu)],
  [stays, 'the selector counts', selector({ disk: 'hdd' }), node(ssd)],
  [stays, 'the affinity counts', needs(['disk', 'In', 'hdd']), node(ssd)],
  [stays, 'the controller heeds NoSchedule where the template names a node, too', bound, node({}, gpu)],
  [stays, 'the template names another node', { nodeName: 'n2' }, node()],
]
