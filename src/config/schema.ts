import { allCodes, type Code, codeRow } from '../verdict/codes.ts'

const actions = ['deny', 'warn', 'ignore']
const treatments = ['enforce', 'warn', 'skip']

const closed = (description: string, properties: object) => ({
  type: 'object',
  description,
  additionalProperties: false,
  properties,
})

/** A group that may be left out: then all its defaults hold. */
const group = (description: string, properties: object) => ({ ...closed(description, properties), default: {} })

const count = (description: string, least: number, most: number, by: number) => ({
  type: 'integer',
  description,
  minimum: least,
  maximum: most,
  default: by,
})

const connections = (description: string) => ({ type: 'integer', description, minimum: 1, maximum: 256 })

const texts = (description: string, format: string, by: readonly string[] = []) => ({
  type: 'array',
  description,
  default: by,
  maxItems: 1000,
  items: { type: 'string', format },
})

const path = (description: string) => ({ type: 'string', description, format: 'path' })

/** What is done about a code where nobody says anything, which depends on the place for some. */
const leftOut = (code: Code): string => {
  const { action, asVolume, onEveryNode } = codeRow(code)
  const volume = asVolume === undefined ? '' : `, and for an image volume ${asVolume}`
  const daemon = onEveryNode === undefined ? '' : `, and on a DaemonSet ${onEveryNode}`
  return `Left out: ${action}${volume}${daemon}.`
}

const policyProperties = Object.fromEntries(
  allCodes.map(code => [code, { enum: actions, description: `${codeRow(code).meaning} ${leftOut(code)}` }]),
)

// In the kubelet's patterns a star stands for a part of a host name, never for several (pkg/credentialprovider/keyring.go).
// The hosts are those of the clouds' own credential providers (cloud-provider-aws, cloud-provider-gcp, cloud-provider-azure).
const cloudRegistries = [
  '*.dkr.ecr.*.amazonaws.com',
  '*.dkr.ecr-fips.*.amazonaws.com',
  '*.dkr-ecr.*.on.aws',
  '*.dkr-ecr-fips.*.on.aws',
  '*.dkr.ecr.*.amazonaws.com.cn',
  '*.dkr-ecr.*.on.amazonwebservices.com.cn',
  '*.dkr.ecr.*.amazonaws.eu',
  '*.dkr.ecr.*.c2s.ic.gov',
  '*.dkr.ecr.*.sc2s.sgov.gov',
  '*.dkr.ecr.*.cloud.adc-e.uk',
  '*.dkr.ecr.*.csp.hci.ic.gov',
  'gcr.io',
  '*.gcr.io',
  '*.pkg.dev',
  'container.cloud.google.com',
  '*.azurecr.io',
  '*.azurecr.cn',
  '*.azurecr.de',
  '*.azurecr.us',
  '*.*.geo.azurecr.io',
  '*.*.geo.azurecr.cn',
  '*.*.geo.azurecr.us',
]

const registries = group('How registries are reached.', {
  certsDir: texts("Directories like containerd's certs.d, whose hosts.toml name mirrors and authorities.", 'path'),
  registriesConf: path(
    "The nodes' registries.conf, where they run CRI-O: mirrors, blocked registries, short names. What is dropped in beside it, in registries.conf.d, is read too.",
  ),
  registriesYaml: path("The nodes' registries.yaml, where they run K3s or RKE2: mirrors, authorities, rewrites."),
  ca: texts("Files of authorities, as PEM, that are trusted beside the system's own.", 'path'),
  refuseAddresses: texts(
    'Addresses and ranges that never get a packet: the services and pods of the cluster. Serving, this machine, link-local, metadata and multicast addresses are refused anyway.',
    'cidr',
  ),
  allowAddresses: texts(
    'Addresses and ranges that may be called although they are refused otherwise, such as that of a registry in the cluster.',
    'cidr',
  ),
  maxConnections: { ...connections('Connections to one host at the most.'), default: 8 },
  hosts: {
    type: 'object',
    description: 'Settings of single registries, by host and port as image references name them.',
    default: {},
    propertyNames: { format: 'host' },
    additionalProperties: {
      ...closed("One registry's own settings.", {
        maxConnections: connections('Connections to this host at the most.'),
      }),
      required: ['maxConnections'],
    },
  },
})

const credentials = group('What the nodes hold to prove who asks, beside the pull secrets of pods.', {
  dockerConfig: path("The nodes' docker config, such as /var/lib/kubelet/config.json."),
  providers: {
    ...closed("The nodes' credential providers, as the kubelet is told of them.", {
      config: path("The kubelet's CredentialProviderConfig, or a directory of such files."),
      binDir: path('The directory of the programs.'),
    }),
    required: ['config', 'binDir'],
  },
  nodesMayHave: texts(
    'Registries for which the nodes may hold credentials that are not told here: a refusal there is no more than "could not find out". A star stands for a part of the host.',
    'place-pattern',
    cloudRegistries,
  ),
})

/** What a configuration may say, with every default: the one place where options are described. */
export const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Pullgate configuration',
  ...closed('What Pullgate asks, of whom, and what it does about the answers.', {
    mode: {
      enum: ['enforce', 'warn', 'audit', 'off'],
      description:
        'How far the decisions of the webhook reach: reject as configured, only warn, only record, or nothing.',
      default: 'enforce',
    },
    policy: group('What is done about each verdict, where it is to be otherwise than by default.', policyProperties),
    owned: {
      enum: treatments,
      description:
        'Objects that a controller makes, such as the pods of a ReplicaSet: rejected like any other, warned about at the most, or not looked at. Their owner was judged, and their return after a failure must not be stopped.',
      default: 'warn',
    },
    templates: {
      enum: treatments,
      description:
        'Pod templates, as in Deployments: rejected like pods, warned about at the most, or not looked at. Where other webhooks rewrite the images of pods or give them secrets, a template does not tell the truth; `owned: enforce` then rejects its pods.',
      default: 'enforce',
    },
    ignoreImages: texts(
      'Images that are never asked about. A star stands for any text, and a pattern without a tag means all tags. It is held against the full name, such as docker.io/library/nginx:1.27, and against what is written.',
      'image-pattern',
    ),
    platforms: {
      description:
        "The platforms that images have to fit: nodes, those of the cluster's nodes; or a list, such as [linux/amd64, linux/arm64]; or any: then platforms are not judged, nor are they where no cluster is known.",
      default: 'nodes',
      anyOf: [
        { const: 'nodes' },
        { const: 'any' },
        { type: 'array', minItems: 1, maxItems: 100, items: { type: 'string', format: 'platform' } },
      ],
    },
    nodeStatusMaxImages: count(
      "The nodeStatusMaxImages of the kubelets' configuration: how many images, the largest, a node says it holds. Of a node that lists as many it is not known what else it holds. -1: nodes list all.",
      -1,
      1_000_000,
      50,
    ),
    registries,
    credentials,
    cache: group('What is remembered.', {
      foundSeconds: count(
        'For how long a name is taken to mean what it meant. 0: each review asks the registry.',
        0,
        3600,
        60,
      ),
      absentSeconds: count(
        'For how long a "no" is remembered. Before it rejects anything it is asked again.',
        0,
        60,
        5,
      ),
      entries: count('Names remembered at the most.', 1, 10_000_000, 100_000),
    }),
    kinds: {
      type: 'array',
      maxItems: 100,
      default: [],
      description:
        'Kinds of objects with pod templates, beside the ones that are known. One that is known already is taken from here.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'templates'],
        properties: {
          group: {
            type: 'string',
            description: 'Its API group, such as apps.example.com; empty for the core group.',
            default: '',
          },
          kind: { type: 'string', format: 'kind', description: 'Its kind, such as Game.' },
          templates: {
            type: 'array',
            minItems: 1,
            maxItems: 20,
            items: { type: 'string', format: 'field-path' },
            description: 'Where its pod templates stand: spec.template, or spec.workers[*].template.',
          },
        },
      },
    },
    serve: group('The webhook.', {
      timeoutSeconds: count("The timeoutSeconds of the webhook's registration.", 1, 30, 5),
      reserveMs: count('Kept back of that for the way there and back.', 0, 10_000, 500),
      drainSeconds: count(
        'For how long it goes on answering in a cluster when it is told to stop; it leaves earlier when nobody is connected any more. An API server keeps an idle connection for 90 seconds.',
        0,
        600,
        95,
      ),
      events: {
        type: 'boolean',
        description:
          'Whether an object that is let in only because of the mode gets an Event that says what it would have been rejected for.',
        default: true,
      },
      testImage: {
        type: 'string',
        format: 'image-reference',
        description:
          'An image that is asked about once at the start, and by `pullgate serve --self-test`, to show that registries can be reached.',
      },
      certificates: {
        description:
          'What it serves with, read at the start: self, a certificate that it makes and renews itself; or the files `cert` and `key` (PEM), which are read anew when they change.',
        default: 'self',
        anyOf: [
          { const: 'self' },
          {
            ...closed('Files of a certificate and its key, as PEM.', {
              cert: path('The certificate, and those between it and its authority.'),
              key: path('Its private key.'),
            }),
            required: ['cert', 'key'],
          },
        ],
      },
      clientCa: path(
        'The authority (PEM) of the certificate that the API server shows, read at the start: nobody else may ask then. Left out: anybody may who reaches the port.',
      ),
      clientNames: {
        type: 'array',
        description: 'The common names that the certificate of the API server may have, where clientCa is given.',
        default: ['kube-apiserver'],
        minItems: 1,
        maxItems: 20,
        items: { type: 'string', minLength: 1, maxLength: 253 },
      },
    }),
  }),
} as const
