const mostLabel = 63
const mostName = 253
const label = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?'
const namespacePattern = new RegExp(`^${label}$`)
const namePattern = new RegExp(`^${label}(?:\\.${label})*$`)

/** Whether a namespace may have this name (kubernetes, IsDNS1123Label). */
export const isNamespaceName = (text: string): boolean => text.length <= mostLabel && namespacePattern.test(text)

/**
 * Whether a Secret or a ServiceAccount may have this name (kubernetes, IsDNS1123Subdomain). Whoever writes a pod writes the names
 * in it: of anything else a path of the API server that nobody meant would be made, and an empty one would ask for a list.
 */
export const isObjectName = (text: string): boolean => text.length <= mostName && namePattern.test(text)
