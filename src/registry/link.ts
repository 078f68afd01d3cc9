// RFC 8288, as far as registries use it: one link, its target in angle brackets, its relation behind.
const nextLink = /^\s*<([^<>\s]{1,2048})>\s*;\s*rel\s*=\s*"?next"?\s*$/i

/** The next page of a list; undefined where there is none, or where it would lead to another origin. */
export const nextPage = (link: string | undefined, from: URL): URL | undefined => {
  const target = nextLink.exec(link ?? '')?.[1]
  const url = target === undefined ? null : URL.parse(target, from.href)
  if (url === null || url.origin !== from.origin || url.username !== '' || url.password !== '') return undefined
  return url
}
