import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Image } from '../../src/demo/content.ts'
import { type EmbeddedRegistry, type Intercept, startRegistry } from '../../src/demo/registry.ts'
import { freePort } from '../cluster/real/free-port.ts'
import { htpasswd } from '../registries/accounts.ts'
import { startDistribution } from '../registries/distribution.ts'
import { push } from '../registries/push.ts'
import { goodCertificate } from '../support/faults/certificates.ts'
import { basicGate, bearerGate, startTokenServer } from '../support/token-server.ts'
import { inTurn, refusing, where } from './behaviours.ts'
import { single } from './images.ts'
import { debianFolder } from './machine/built.ts'
import { createRegistryStates } from './registry-states.ts'
import type { Addresses, Case, Held, Standing } from './row.ts'
import { accounts } from './secrets.ts'
import { hostOf, repositoryOf, type Surroundings } from './texts.ts'

/** All registries of a run, and the folder that leads to them. */
export interface Street {
  /** `127.0.0.1:41873`: the registry that lets anybody in. */
  readonly open: string
  /** Pushes what the case wants to where it wants it, and writes the hosts.toml for it. */
  readonly furnish: (row: Case) => Promise<Surroundings>
  /** Has something become of the case's repository. */
  readonly change: (row: Case, since: Exclude<Held['since'], undefined>) => void
  readonly close: () => Promise<void>
}

const isClosed = where(({ url }) => url?.startsWith('/v2/closed/') === true, basicGate(accounts))

const stern: Intercept = (request, response) =>
  request.headers['x-token'] === 'yes' ? false : refusing(403, 'DENIED')(request, response)

const dockerRegistry = join(debianFolder(), 'docker-registry')

type Put = (repository: string, tag: string, image: Image) => Promise<void>

interface House {
  readonly url: string
  readonly put: Put
  readonly close: () => Promise<void>
}

const embedded = (registry: EmbeddedRegistry, scheme = 'http'): House => ({
  url: `${scheme}://${registry.host}`,
  put: async (repository, tag, image) => registry.put(repository, tag, image),
  close: () => registry.close(),
})

const real = async (path: string, authorization?: string): Promise<House> => {
  const registry = await startDistribution(path, authorization === undefined ? {} : { htpasswd })
  const account = authorization === undefined ? {} : { authorization }
  return {
    url: registry.url,
    put: (repository, tag, image) => push({ url: registry.url, repository, tag, ...account }, image),
    close: registry.close,
  }
}

const tokenHouse = async (readers: readonly string[] | undefined, states: Intercept) => {
  const tokens = await startTokenServer({ accounts })
  const gate = bearerGate({ tokens, ...(readers === undefined ? {} : { readers }) })
  const house = embedded(await startRegistry({ intercept: inTurn(states, gate) }))
  return {
    ...house,
    close: async () => {
      await house.close()
      await tokens.close()
    },
  }
}

const realAuthorization = `Basic ${Buffer.from('pullgate:right').toString('base64')}`

/** The names under which standing registries are known in certs.d. */
const names = {
  open: ['open.test', 'ported.test:5000', 'UPPER', 'localhost'],
  hub: ['docker.io'],
  closed: ['closed.test', 'closed.test:5000'],
  bearer: ['bearer.test'],
  public: ['public.test'],
  real: ['real.test'],
  realClosed: ['real-closed.test'],
} as const

const hostsToml = (url: string): string => `server = "${url}"\n`

/** Starts the registries that stand for all cases, and writes into certs.d how they are reached. */
export const openStreet = async (certsD: string): Promise<Street> => {
  const states = createRegistryStates()
  const certificate = await goodCertificate('127.0.0.1')
  const other = await goodCertificate('127.0.0.1')
  const start = async (intercept: Intercept, tls?: { readonly cert: string; readonly key: string }) =>
    embedded(
      await startRegistry({ intercept: inTurn(states.intercept, intercept), ...(tls === undefined ? {} : { tls }) }),
      tls === undefined ? 'http' : 'https',
    )
  const none: Intercept = () => false
  const houses = {
    open: await start(none),
    mirror: await start(none),
    hub: await start(isClosed),
    closed: await start(basicGate(accounts)),
    bearer: await tokenHouse(['robot'], states.intercept),
    public: await tokenHouse(undefined, states.intercept),
    tls: await start(none, { cert: certificate.cert, key: certificate.key }),
    stern: await start(stern),
    real: await real(dockerRegistry),
    realClosed: await real(dockerRegistry, realAuthorization),
  } as const
  const own = new Map<string, House>()
  const nobody = `http://127.0.0.1:${await freePort()}`

  const write = async (host: string, text: string, files: Readonly<Record<string, string>> = {}): Promise<void> => {
    const folder = join(certsD, host)
    await mkdir(folder, { recursive: true })
    for (const [name, content] of Object.entries({ ...files, 'hosts.toml': text }))
      await writeFile(join(folder, name), content)
  }
  for (const [house, hosts] of Object.entries(names) as [keyof typeof names, readonly string[]][])
    for (const host of hosts) await write(host, hostsToml(houses[house].url))

  const byHost = new Map<string, House>(
    (Object.entries(names) as [keyof typeof names, readonly string[]][]).flatMap(([house, hosts]) =>
      hosts.map(host => [host, houses[house]] as const),
    ),
  )
  const homeOf = (row: Case): House => {
    if (row.on !== undefined) return houses[row.on]
    return own.get(row.id) ?? byHost.get(hostOf(row)) ?? houses.open
  }
  const urlOf = (standing: Standing): string => houses[standing].url

  const address = (row: Case, folder: string): Addresses => ({
    open: urlOf('open'),
    mirror: urlOf('mirror'),
    closed: urlOf('closed'),
    bearer: urlOf('bearer'),
    tls: urlOf('tls'),
    stern: urlOf('stern'),
    nobody,
    own: own.get(row.id)?.url ?? '',
    folder: join(certsD, folder),
  })

  const furnish = async (row: Case): Promise<Surroundings> => {
    const craft = row.push ?? single()
    const image = craft === 'none' ? undefined : craft(row.id)
    if (row.registry !== undefined && image !== undefined) {
      const house = embedded(await startRegistry({ intercept: row.registry(image) }))
      own.set(row.id, house)
      await write(hostOf(row), hostsToml(house.url))
    }
    if (row.hosts !== undefined) {
      const folder = row.hostFolder?.replace('%id', row.id) ?? hostOf(row)
      await write(folder, row.hosts(address(row, folder)), { 'ca.pem': certificate.ca, 'other.pem': other.ca })
    }
    if (image !== undefined) await homeOf(row).put(repositoryOf(row), row.tag ?? '1', image)
    return { image, open: urlOf('open').slice('http://'.length) }
  }

  return {
    open: urlOf('open').slice('http://'.length),
    furnish,
    change: (row, since) => {
      states.set(repositoryOf(row), since)
      if (since === 'moved') void homeOf(row).put(repositoryOf(row), row.tag ?? '1', single()(`${row.id}/moved`))
    },
    close: async () => {
      for (const house of [...Object.values(houses), ...own.values()]) await house.close()
    },
  }
}
