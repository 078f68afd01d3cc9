import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCertsDir } from '../../src/registry/hosts/certs-dir.ts'
import { type FindPlaces, placesFromCertsDir } from '../../src/registry/hosts/place.ts'
import { closedAfterTest } from '../support/lifetime.ts'

/** What a node's certs.d says of one registry: its hosts.toml, and the files beside it. As long as the test. */
export const nodeWith = async (
  registry: string,
  hostsToml: string,
  files: Readonly<Record<string, string>> = {},
): Promise<{ readonly findPlaces: FindPlaces }> => {
  const root = await mkdtemp(join(tmpdir(), 'pullgate-certs.d-'))
  closedAfterTest({ close: () => rm(root, { recursive: true, force: true }) })
  const folder = join(root, registry)
  await mkdir(folder)
  for (const [name, text] of Object.entries({ ...files, 'hosts.toml': hostsToml }))
    await writeFile(join(folder, name), text)
  const complain = ({ file, ...rest }: { readonly file: string }): never => {
    throw new Error(`${file}: ${JSON.stringify(rest)}`)
  }
  return { findPlaces: placesFromCertsDir(createCertsDir({ roots: [root], nowMs: () => 0, complain })) }
}
