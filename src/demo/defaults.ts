import { defaultsToAlways } from '../image/known-reference.ts'

// What the API server fills in before it asks webhooks (kubernetes pkg/apis/core/v1/defaults.go), as far as
// Pullgate could see a difference. A volume's image has a pull policy of its own.
const podDefaults = { restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', schedulerName: 'default-scheduler' }

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const pullPolicyFor = (image: unknown): object => ({
  imagePullPolicy: typeof image === 'string' && defaultsToAlways(image) ? 'Always' : 'IfNotPresent',
})

const filledIn = (fields: Readonly<Record<string, unknown>>): object => {
  if (Array.isArray(fields['containers'])) return { ...podDefaults, ...fields }
  if (typeof fields['image'] === 'string') return { ...pullPolicyFor(fields['image']), resources: {}, ...fields }
  if ('reference' in fields) return { pullPolicy: 'IfNotPresent', ...fields }
  return fields
}

/** The value with what the API server fills in: at any depth, what has containers is a pod spec. */
export const withDefaults = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withDefaults)
  if (!isObject(value)) return value
  const inner = Object.entries(value).map(([key, each]) => [key, withDefaults(each)] as const)
  return filledIn(Object.fromEntries(inner))
}
