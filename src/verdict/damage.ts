import type { Platform } from '../image/platform.ts'
import type { Explanation } from './explanation.ts'
import type { Damage } from './finding.ts'
import { platformNames } from './platform-names.ts'

/** What each kind of damage means, and how it is mended. */
export const damageWords: Readonly<Record<Damage, (on: readonly Platform[]) => Explanation>> = {
  'missing-child': on => ({
    what: 'is incomplete',
    why: `its index names an image for ${platformNames(on)} that the registry does not have`,
    next: 'push the image again with all its platforms',
  }),
  'missing-config': () => ({
    what: 'is incomplete',
    why: 'its manifest names a configuration that the registry does not have',
    next: 'push the image again',
  }),
  'wrong-digest': () => ({
    what: 'is damaged',
    why: 'the registry serves bytes that do not have the asked digest',
    next: 'push the image again, or clear the registry cache in between',
  }),
  'schema-1': () => ({
    what: 'is of a retired format',
    why: 'it is a schema 1 manifest, which containerd 2.1 and later refuse',
    next: 'pull it with an older tool and push it again as an OCI image',
  }),
  'empty-index': () => ({
    what: 'is empty',
    why: 'its index names no image at all',
    next: 'push the image again with its platforms',
  }),
  'no-command': () => ({
    what: 'has nothing to start',
    why: 'neither the image nor the container names a command',
    next: 'set command in the container, or ENTRYPOINT in the image',
  }),
}
