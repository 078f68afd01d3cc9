import type { Credential } from '../registry/auth/credential.ts'
import { readGoUrl } from '../registry/hosts/go-url.ts'
import type { DockerEntry } from './docker-config.ts'
import { createImagePattern, type ImageName, readImageName } from './image-pattern.ts'

/** Finds the credentials for an image by its name without tag and digest, such as `docker.io/library/nginx`. */
export interface Keyring {
  /** All that match, in the order in which a node tries them. It comes as nobody only where there are none. */
  readonly lookup: (name: string) => readonly Credential[]
}

/** What is known under one key. */
interface KeyEntry {
  readonly key: string
  readonly credentials: Credential[]
  readonly matches: (name: ImageName) => boolean
}

const hubKey = 'index.docker.io'

/** The key under which an entry is kept; undefined where its place is no URL, which makes a node pass over that entry alone. */
const keyOf = (place: string): string | undefined => {
  const url = readGoUrl(/^https?:\/\//.test(place) ? place : `https://${place}`)
  if (!url.ok) return undefined
  const path = url.value.path.replace(/^\/v[12](?=\/)/, '')
  return path === '/' ? url.value.host : `${url.value.host}${path}`
}

// Without a name the runtime drops the password as well: containerd asks as nobody (internal/cri/server/images/image_pull.go ParseAuth).
const credentialOf = ({ username, password }: DockerEntry): Credential =>
  username === '' ? { username, password: '' } : { username, password }

/** Whether an image is Docker Hub's: by the name of its host, or because what it begins with is no host. */
const isHubImage = (name: string): boolean => {
  const [first = '', ...rest] = name.split('/')
  if (first === '' || rest.length === 0) return first !== ''
  return first === 'docker.io' || first === hubKey || !/[.:]/.test(first)
}

/** The entries by their keys, in the descending order of the keys' bytes: a longer path before the shorter that it begins with. */
const byKey = (entries: readonly DockerEntry[]): readonly KeyEntry[] => {
  const keys = new Map<string, KeyEntry>()
  for (const entry of entries) {
    const key = keyOf(entry.place)
    if (key === undefined) continue
    const known = keys.get(key) ?? { key, credentials: [], matches: createImagePattern(key) }
    known.credentials.push(credentialOf(entry))
    keys.set(key, known)
  }
  const withBytes = [...keys.values()].map(known => ({ known, bytes: Buffer.from(known.key) }))
  return withBytes.sort((a, b) => Buffer.compare(b.bytes, a.bytes)).map(({ known }) => known)
}

const nothing: Keyring = { lookup: () => [] }

/**
 * Makes a keyring as the kubelet's (kubernetes, pkg/credentialprovider/keyring.go BasicDockerKeyring). Entries with equal keys are
 * tried in the order in which they are given. Of one secret's entries that is the order of its text; the kubelet's own is random there.
 */
export const createKeyring = (entries: readonly DockerEntry[]): Keyring => {
  // By far the most pods have no secret, and to read a name costs more than all else that is done for them here.
  if (entries.length === 0) return nothing
  const keys = byKey(entries)
  const hub = keys.find(({ key }) => key === hubKey)?.credentials ?? []
  return {
    lookup: name => {
      const image = readImageName(name)
      const found = keys.filter(({ matches }) => matches(image)).flatMap(({ credentials }) => credentials)
      return found.length === 0 && isHubImage(name) ? hub : found
    },
  }
}
