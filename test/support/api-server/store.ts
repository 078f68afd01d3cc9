/** An object of the API, as far as the server looks into it. */
export interface ApiObject {
  readonly metadata: { readonly name: string; readonly [field: string]: unknown }
  readonly [field: string]: unknown
}

/** A change that watches tell. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly version: number
  readonly object: ApiObject
}

/** Objects of one kind and their changes. */
export interface Store {
  readonly put: (object: ApiObject) => void
  readonly remove: (name: string) => void
  readonly get: (name: string) => ApiObject | undefined
  readonly names: () => readonly string[]
  readonly version: () => number
  /** Everything, at this version, as long as it is not forgotten. */
  readonly at: (version: number) => readonly ApiObject[] | undefined
  /** Keeps everything as it is now, for later pages. */
  readonly keep: () => number
  /** Undefined where they are forgotten. */
  readonly since: (version: number) => readonly Change[] | undefined
  /** Forgets the past, as etcd does when it is compacted. */
  readonly compact: () => void
  readonly onChange: (listener: (change: Change) => void) => () => void
}

/** Makes a store. */
export const createStore = (kind: string): Store => {
  const objects = new Map<string, ApiObject>()
  const listeners = new Set<(change: Change) => void>()
  let changes: Change[] = []
  let snapshots = new Map<number, readonly ApiObject[]>()
  let version = 1
  let oldest = 1

  const versioned = (object: ApiObject): ApiObject => ({
    apiVersion: 'v1',
    kind,
    ...object,
    metadata: { ...object.metadata, resourceVersion: String(version) },
  })
  const tell = (type: Change['type'], object: ApiObject): void => {
    const change = { type, version, object }
    changes.push(change)
    for (const listener of listeners) listener(change)
  }
  return {
    put: object => {
      version += 1
      const isNew = !objects.has(object.metadata.name)
      const now = versioned(object)
      objects.set(object.metadata.name, now)
      tell(isNew ? 'ADDED' : 'MODIFIED', now)
    },
    remove: name => {
      const object = objects.get(name)
      if (object === undefined) return
      version += 1
      objects.delete(name)
      tell('DELETED', versioned(object))
    },
    get: name => objects.get(name),
    names: () => [...objects.keys()],
    version: () => version,
    at: wanted => snapshots.get(wanted),
    keep: () => {
      snapshots.set(version, [...objects.values()])
      return version
    },
    since: from => (from < oldest ? undefined : changes.filter(change => change.version > from)),
    compact: () => {
      version += 1
      oldest = version
      changes = []
      snapshots = new Map()
    },
    onChange: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
