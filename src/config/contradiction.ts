import type { Mistake } from './complaint.ts'
import type { Configuration } from './configuration.ts'

type Contradiction = Omit<Mistake, 'offset'>

/** What no schema can say: options of which each is right, and not beside the other. */
export const contradictionsIn = ({ registries, serve }: Configuration): readonly Contradiction[] => {
  const found: Contradiction[] = []
  if (serve.reserveMs >= serve.timeoutSeconds * 1000)
    found.push({ pointer: '/serve/reserveMs', what: `of ${serve.timeoutSeconds} s it leaves no time to ask anybody` })
  const { registriesConf, registriesYaml, certsDir } = registries
  // Each is how another runtime is told of mirrors, and a node has one.
  const named = [certsDir.length > 0, registriesConf !== undefined, registriesYaml !== undefined]
  if (named.filter(Boolean).length > 1)
    found.push({
      pointer: registriesYaml === undefined ? '/registries/registriesConf' : '/registries/registriesYaml',
      what: 'certsDir, registriesConf and registriesYaml exclude each other: a node has one container runtime',
    })
  return found
}
