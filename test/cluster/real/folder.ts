import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for the files of what runs, and one for its logs. */
export interface Folder {
  readonly path: string
  readonly logs: string
  /** Takes all away, or all but the logs. */
  readonly clear: (keepLogs: boolean) => Promise<void>
}

const clearAllBut = async (path: string, kept: string): Promise<void> => {
  for (const name of await readdir(path))
    if (name !== kept) await rm(join(path, name), { recursive: true, force: true })
}

/** Makes a folder: within the one of test/cluster/real/in-namespace, which keeps the logs of a failure, or a temporary one. */
export const makeFolder = async (name: string): Promise<Folder> => {
  const around = process.env['PULLGATE_FOLDER']
  const path = await mkdtemp(join(around ?? tmpdir(), around === undefined ? `pullgate-${name}-` : `${name}-`))
  const logs = around === undefined ? join(path, 'logs') : join(around, 'logs', path.slice(around.length + 1))
  await mkdir(logs, { recursive: true })
  const clear: Folder['clear'] = async keepLogs => {
    if (keepLogs && around === undefined) await clearAllBut(path, 'logs')
    else await rm(path, { recursive: true, force: true })
  }
  return { path, logs, clear }
}
