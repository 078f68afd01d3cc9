// The syntax of labels: k8s.io/apimachinery v0.36 pkg/api/validate/content (IsLabelKey, IsLabelValue, IsDNS1123Subdomain).
// Lengths count bytes there; counting UTF-16 units comes to the same, since what is not ASCII is invalid anyway.

const maxNameLength = 63
const maxPrefixLength = 253

const name = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/
const domainPart = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/

const isName = (text: string): boolean => text.length <= maxNameLength && name.test(text)

const isPrefix = (text: string): boolean =>
  text.length <= maxPrefixLength && text.split('.').every(part => domainPart.test(part))

/** Whether a label may have this key: a name, or a domain, a slash and a name. */
export const isLabelKey = (key: string): boolean => {
  const slash = key.indexOf('/')
  return slash < 0 ? isName(key) : isPrefix(key.slice(0, slash)) && isName(key.slice(slash + 1))
}

/** Whether a label may have this value. */
export const isLabelValue = (value: string): boolean => value === '' || isName(value)
