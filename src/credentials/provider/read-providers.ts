import { parseDuration } from '../../registry/hosts/go-duration.ts'
import { readGoUrl } from '../../registry/hosts/go-url.ts'
import { type Complain, elements, type Field, fieldOf, flag, onlyFields, text, texts } from './config-shape.ts'
import { type ProviderConfig, protocolVersions, type TokenTerms } from './provider-config.ts'

// The rules are the kubelet's (kubernetes, pkg/credentialprovider/plugin/config.go validateCredentialProviderConfig).

const configVersion = /^kubelet\.config\.k8s\.io\/(v1|v1beta1|v1alpha1)$/

const providerFields = ['name', 'matchImages', 'defaultCacheDuration', 'apiVersion', 'args', 'env']
const tokenFields = [
  ...['serviceAccountTokenAudience', 'cacheType', 'requireServiceAccount'],
  ...['requiredServiceAccountAnnotationKeys', 'optionalServiceAccountAnnotationKeys'],
]

// A qualified name in lower case: k8s.io/apimachinery pkg/util/validation IsQualifiedName.
const qualifiedName =
  /^(?:(?=.{1,253}\/)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\/)?(?=.{1,63}$)[a-z0-9](?:[-_.a-z0-9]*[a-z0-9])?$/

const readName = (field: Field, complain: Complain): string => {
  const name = text(field, complain)
  if (/[/ ]/.test(name)) complain(field, 'may have no slash and no blank')
  if (name === '' || name === '.' || name === '..') complain(field, 'must be the name of a program')
  return name
}

const readMatchImages = (field: Field, complain: Complain): readonly string[] => {
  const patterns = texts(field, complain)
  if (patterns.length === 0) complain(field, 'must have a pattern at least')
  for (const [index, pattern] of patterns.entries()) {
    const url = readGoUrl(`https://${pattern}`)
    if (!url.ok) complain({ value: pattern, path: [...field.path, index] }, `must be a host and a path: ${url.error}`)
  }
  return patterns
}

const readCacheMs = (field: Field, complain: Complain): number => {
  if (field.value === undefined) complain(field, 'must be there')
  const written = text(field, complain)
  const milliseconds = typeof field.value === 'string' ? parseDuration(written) : 0
  if (milliseconds === undefined) complain(field, 'must be a duration such as 12h or 90s')
  if ((milliseconds ?? 0) < 0) complain(field, 'may not be negative')
  return milliseconds ?? 0
}

const readVersion = (field: Field, complain: Complain): string => {
  const version = text(field, complain)
  if (!protocolVersions.includes(version)) complain(field, `must be one of ${protocolVersions.join(', ')}`)
  return version
}

const readEnv = (field: Field, complain: Complain): ProviderConfig['env'] =>
  elements(field, complain).map(element => {
    onlyFields(element, ['name', 'value'], complain)
    return { name: text(fieldOf(element, 'name'), complain), value: text(fieldOf(element, 'value'), complain) }
  })

const readAnnotations = (field: Field, complain: Complain): readonly string[] => {
  const keys = texts(field, complain)
  for (const [index, key] of keys.entries()) {
    const at = { value: key, path: [...field.path, index] }
    if (!qualifiedName.test(key.toLowerCase())) complain(at, 'must be the name of an annotation')
    if (keys.indexOf(key) < index) complain(at, 'is there twice')
  }
  return keys
}

const readToken = (field: Field, apiVersion: string, complain: Complain): TokenTerms | undefined => {
  if (field.value === undefined) return undefined
  onlyFields(field, tokenFields, complain)
  const of = (name: string): Field => fieldOf(field, name)
  const audience = text(of('serviceAccountTokenAudience'), complain)
  const cache = text(of('cacheType'), complain)
  const requireServiceAccount = flag(of('requireServiceAccount'), complain)
  const requiredAnnotations = readAnnotations(of('requiredServiceAccountAnnotationKeys'), complain)
  const optionalAnnotations = readAnnotations(of('optionalServiceAccountAnnotationKeys'), complain)
  if (apiVersion !== protocolVersions[0]) complain(field, `needs the version ${protocolVersions[0]}`)
  if (audience === '') complain(of('serviceAccountTokenAudience'), 'must be there')
  if (requireServiceAccount === undefined) complain(of('requireServiceAccount'), 'must be there')
  if (cache !== 'ServiceAccount' && cache !== 'Token') complain(of('cacheType'), 'must be ServiceAccount or Token')
  if (requireServiceAccount === false && requiredAnnotations.length > 0)
    complain(of('requiredServiceAccountAnnotationKeys'), 'needs requireServiceAccount to be true')
  if (requiredAnnotations.some(key => optionalAnnotations.includes(key)))
    complain(of('optionalServiceAccountAnnotationKeys'), 'names an annotation that is required as well')
  return {
    audience,
    cache: cache === 'Token' ? 'Token' : 'ServiceAccount',
    requireServiceAccount: requireServiceAccount ?? true,
    requiredAnnotations,
    optionalAnnotations,
  }
}

const readProvider = (field: Field, known: readonly string[], complain: Complain): ProviderConfig => {
  onlyFields(field, known, complain)
  const of = (name: string): Field => fieldOf(field, name)
  const apiVersion = readVersion(of('apiVersion'), complain)
  return {
    name: readName(of('name'), complain),
    matchImages: readMatchImages(of('matchImages'), complain),
    defaultCacheMs: readCacheMs(of('defaultCacheDuration'), complain),
    apiVersion,
    args: texts(of('args'), complain),
    env: readEnv(of('env'), complain),
    token: readToken(of('tokenAttributes'), apiVersion, complain),
  }
}

/** Reads the providers of a CredentialProviderConfig, and takes down everything in it that a kubelet would refuse. */
export const readProviders = (root: unknown, complain: Complain): readonly ProviderConfig[] => {
  const field: Field = { value: root ?? undefined, path: [] }
  onlyFields(field, ['apiVersion', 'kind', 'providers'], complain)
  const kind = fieldOf(field, 'kind')
  if (text(kind, complain) !== 'CredentialProviderConfig') complain(kind, 'must be CredentialProviderConfig')
  const apiVersion = fieldOf(field, 'apiVersion')
  const version = configVersion.exec(text(apiVersion, complain))?.[1]
  if (version === undefined) complain(apiVersion, 'must be kubelet.config.k8s.io/v1')
  // The older versions of the file have no field for tokens.
  const known = version === 'v1' ? [...providerFields, 'tokenAttributes'] : providerFields
  return elements(fieldOf(field, 'providers'), complain).map(provider => readProvider(provider, known, complain))
}
