import type { Mistake } from './complaint.ts'
import type { Standing } from './tree.ts'

/** How a configuration was come by: somebody named its file, or it lay about in the folder that he works in. */
export type Origin = 'named' | 'found'

// A folder may be a stranger's, such as the sources of a pull request. What lies there starts no program, sends nobody's
// password anywhere, and opens no door.
const forNamedFiles = [
  '/credentials/providers',
  '/credentials/dockerConfig',
  '/registries/certsDir',
  '/registries/registriesConf',
  '/registries/registriesYaml',
  '/registries/ca',
  '/registries/allowAddresses',
]

/** The options that count only in a file that somebody named, as they are written in a schema's path. */
export const trustedOptions: readonly string[] = forNamedFiles.map(pointer => pointer.slice(1).replaceAll('/', '.'))

/** What a file may not say since nobody named it. */
export const unentitled = (standings: ReadonlyMap<string, Standing>): readonly Mistake[] =>
  forNamedFiles.flatMap(pointer => {
    const standing = standings.get(pointer)
    const what = 'only a file that is named with --config may say this'
    return standing === undefined ? [] : [{ offset: standing.key, pointer, what }]
  })
