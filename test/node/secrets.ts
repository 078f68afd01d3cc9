/** A Secret as a row has it; `absent`: a name without one. */
export type PodSecret =
  | { readonly kind: 'secret'; readonly type: string; readonly key: string; readonly text: string }
  | { readonly kind: 'absent' }
  /** An entry without a name. */
  | { readonly kind: 'nameless' }

/** An entry of a docker configuration. */
export type Entry = Readonly<Record<string, unknown>>

const json = 'kubernetes.io/dockerconfigjson'

/** A secret of the newer type with this text. */
export const raw = (text: string): PodSecret => ({ kind: 'secret', type: json, key: '.dockerconfigjson', text })

/** A secret of the newer type with entries for hosts; `$host` is the row's own. */
export const auths = (entries: Readonly<Record<string, Entry | null>>): PodSecret =>
  raw(JSON.stringify({ auths: entries }))

/** A secret of the older type. */
export const cfg = (entries: Readonly<Record<string, Entry>>): PodSecret => ({
  kind: 'secret',
  type: 'kubernetes.io/dockercfg',
  key: '.dockercfg',
  text: JSON.stringify(entries),
})

/** The right content in a secret of a type that does not count. */
export const opaque = (entries: Readonly<Record<string, Entry>>, key = '.dockerconfigjson'): PodSecret => ({
  kind: 'secret',
  type: 'Opaque',
  key,
  text: JSON.stringify({ auths: entries }),
})

/** The name of a secret that does not exist. */
export const absent: PodSecret = { kind: 'absent' }

/** An entry of the list that names nothing. */
export const nameless: PodSecret = { kind: 'nameless' }

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** The account that may pull, and one that may not. */
export const right: Entry = { username: 'robot', password: 'right' }
export const wrong: Entry = { username: 'robot', password: 'wrong' }
export const second: Entry = { username: 'second', password: 'other' }

/** The account at the real registry. */
export const realRight: Entry = { username: 'pullgate', password: 'right' }

/** The accounts of the embedded registries that want a password. */
export const accounts = [
  { username: 'robot', password: 'right' },
  { username: 'second', password: 'other' },
] as const

/** An entry whose `auth` field holds this. */
export const auth = (text: string): Entry => ({ auth: text })

/** `robot:right` in base64, whole and without its padding. */
export const rightAuth = base64('robot:right')
export const wrongAuth = base64('robot:wrong')

/** Any text in base64. */
export const encoded = base64
