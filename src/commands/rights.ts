import type { Deed } from '../cluster/access-review.ts'
import type { SharedAuthority } from './certificates.ts'

/** Something that we must be allowed to do, and what is lost without it. */
export interface Right {
  readonly deed: Deed
  readonly without: string
}

/** What decides which rights are needed. */
export interface RightsOptions {
  readonly events: boolean
  /** False: an operator chose that they are not. */
  readonly readsPullSecrets: boolean
  /** Whether a credential provider is shown tokens of service accounts. */
  readonly showsTokens: boolean
  readonly authority: SharedAuthority | undefined
}

const everywhere = (
  group: string,
  resource: string,
  verbs: readonly Deed['verb'][],
  without: string,
): readonly Right[] => verbs.map(verb => ({ deed: { verb, group, resource, namespace: undefined }, without }))

const ofAuthority = ({ secret: { namespace, name }, registration }: SharedAuthority): readonly Right[] => {
  const [secret, hook] = [{ group: '', resource: 'secrets', namespace, name }, 'validatingwebhookconfigurations']
  const group = 'admissionregistration.k8s.io'
  return (['get', 'patch'] as const).flatMap(verb => [
    { deed: { verb, ...secret }, without: 'certificates cannot be renewed' },
    ...(registration === undefined
      ? []
      : [
          {
            deed: { verb, group, resource: hook, namespace: undefined, name: registration },
            without: 'the API server is not told of our authority',
          },
        ]),
  ])
}

/** Everything that we must be allowed to do in a cluster. */
export const neededRights = (options: RightsOptions): readonly Right[] => [
  ...(options.readsPullSecrets ? everywhere('', 'secrets', ['get'], 'pull secrets count as unknown') : []),
  ...everywhere('', 'serviceaccounts', ['get'], 'the pull secrets of service accounts count as unknown'),
  ...everywhere('', 'nodes', ['list', 'watch'], 'platforms are not judged'),
  ...everywhere(
    '',
    'namespaces',
    ['get', 'list', 'watch'],
    'nothing is rejected where the mode of a namespace is not known',
  ),
  ...everywhere('node.k8s.io', 'runtimeclasses', ['list', 'watch'], 'platforms are not judged where one is named'),
  ...(options.events ? everywhere('', 'events', ['create', 'patch'], 'nobody is told of what a mode lets pass') : []),
  ...(options.showsTokens
    ? [
        {
          deed: { verb: 'create', group: '', resource: 'serviceaccounts', subresource: 'token', namespace: undefined },
          without: 'credential providers that want tokens of service accounts get none',
        } as const,
      ]
    : []),
  ...(options.authority === undefined ? [] : ofAuthority(options.authority)),
]

/** The rule that gives a right, as one writes it into a role. */
export const ruleOf = ({ verb, group, resource, subresource, name }: Deed): string => {
  const whole = subresource === undefined ? resource : `${resource}/${subresource}`
  const names = name === undefined ? '' : `, resourceNames: [${name}]`
  return `{apiGroups: ["${group}"], resources: [${whole}]${names}, verbs: [${verb}]}`
}
