import { reReading } from '../lib/re-read.ts'
import { readSmallFile } from '../lib/small-file.ts'
import { readDockerConfig } from './docker-config.ts'
import type { HeldKeys } from './keychain.ts'
import { createKeyring, type Keyring } from './keyring.ts'
import { type Keys, noKeys } from './keys.ts'

const emptyKeyring = createKeyring([])

interface Reading {
  readonly keyring: Keyring
  readonly notes: Keys['notes']
}

const readFile = async (file: string): Promise<Reading> => {
  const unread: Reading = {
    keyring: emptyKeyring,
    notes: [{ kind: 'unreadable', source: 'docker-config', name: file }],
  }
  const bytes = await readSmallFile(file)
  if (!bytes.ok) return unread
  const entries = readDockerConfig(bytes.value, 'dockerconfigjson')
  return entries.ok ? { keyring: createKeyring(entries.value), notes: [] } : unread
}

/** What nodes hold in their docker configuration, read anew after a while, as the kubelet does. */
export const nodeFileKeys = (file: string, nowMs: () => number): HeldKeys => {
  const now = reReading(nowMs, () => readFile(file))
  return async name => {
    const { keyring, notes } = await now()
    return { ...noKeys, credentials: keyring.lookup(name), notes }
  }
}
