import { createProbe, type Probed } from '../../src/check/probe.ts'
import type { Result } from '../../src/lib/result.ts'
import type { Credential } from '../../src/registry/auth/credential.ts'
import { knownCidr } from '../../src/registry/dial/cidr.ts'
import { createGuard } from '../../src/registry/dial/guard.ts'
import type { ProbeFailure } from '../../src/registry/failure.ts'
import { placesFromRegistriesConf } from '../../src/registry/hosts/conf/registries-conf-places.ts'
import { createRegistry } from '../../src/registry/registry.ts'
import { referenceOf } from '../support/reference-of.ts'
import { registryOptions } from '../support/registry-options.ts'
import { platform } from '../verdict/evidence.ts'
import type { Shown } from './scene.ts'
import type { SceneFiles } from './scene-files.ts'
import { secrets } from './who-shows.ts'

/** What our engine finds out, or why it does not. */
export type Ours = Result<Probed, ProbeFailure>

const guard = createGuard({ refuse: [], allow: [knownCidr('127.0.0.0/8')], strictness: 'cluster' })

/** What the kubelet hands over, as our credentials are. */
export const credentialOf = (shown: Shown): Credential | undefined => {
  switch (shown) {
    case 'nothing':
      return undefined
    case 'right':
      return { username: 'reader', password: secrets.password }
    case 'wrong':
      return { username: 'reader', password: 'WRONG' }
    case 'no password':
      return { username: 'reader', password: '' }
    case 'empty':
      return { username: '', password: '' }
    case 'identity token':
      return { username: '', password: secrets.identityToken }
  }
}

const platforms = [{ platform: platform('linux/amd64'), runtime: 'cri-o://1.34.1' }]

/** Asks as on a node with CRI-O, by an engine that remembers nothing. */
export const askOurs = async (
  files: SceneFiles,
  registriesConf: string,
  image: string,
  shown: Shown,
): Promise<Ours> => {
  const nowMs = (): number => performance.now()
  const fingerprintKey = new Uint8Array(32)
  const findPlaces = placesFromRegistriesConf({
    ...{ file: registriesConf, dropIns: [], aliases: undefined, certsDirs: [files.certsDir] },
    ...{ shortNameMode: 'enforcing', nowMs, complain: () => {} },
  })
  const { dialogue, close } = createRegistry(registryOptions({ findPlaces, guard, nowMs, fingerprintKey }))
  const probe = createProbe({
    ...{ dialogue, fingerprintKey, flightMs: 5000, foundSeconds: 60, absentSeconds: 5, entries: 10, now: nowMs },
  })
  const credential = credentialOf(shown)
  const credentials = credential === undefined ? [] : [credential]
  const question = { reference: referenceOf(image), credentials, platforms, anew: false }
  const answer = await probe(question, AbortSignal.timeout(10_000))
  await close()
  return answer
}
