import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCertsDir, type HostsComplaint } from '../../src/registry/hosts/certs-dir.ts'
import { type FindPlaces, placesFromCertsDir } from '../../src/registry/hosts/place.ts'
import { closedAfterTest } from './lifetime.ts'

/** A directory in the manner of certs.d that lives as long as the test, and what was complained of. */
export interface CertsD {
  readonly findPlaces: FindPlaces
  readonly complaints: readonly HostsComplaint[]
  readonly root: string
}

/** Makes one in which this hosts.toml speaks for every registry, with more files beside it where there are. */
export const certsD = async (hostsToml: string, more: Readonly<Record<string, string>> = {}): Promise<CertsD> => {
  const root = await mkdtemp(join(tmpdir(), 'certs.d-'))
  closedAfterTest({ close: () => rm(root, { recursive: true, force: true }) })
  await mkdir(join(root, '_default'))
  for (const [name, text] of Object.entries({ 'hosts.toml': hostsToml, ...more }))
    await writeFile(join(root, '_default', name), text)
  const complaints: HostsComplaint[] = []
  const complain = (complaint: HostsComplaint): void => void complaints.push(complaint)
  const findPlaces = placesFromCertsDir(createCertsDir({ roots: [root], nowMs: () => 0, complain }))
  return { findPlaces, complaints, root }
}
