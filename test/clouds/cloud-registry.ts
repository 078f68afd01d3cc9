import type { ServerResponse } from 'node:http'
import type { Answer } from '../../src/demo/distribution.ts'
import { singleImage } from '../../src/demo/images.ts'
import { type Intercept, startRegistry } from '../../src/demo/registry.ts'
import { emptyShelf, placed } from '../../src/demo/shelf.ts'
import { ok } from '../../src/lib/result.ts'
import type { FindPlaces } from '../../src/registry/hosts/place.ts'
import type { RegistryOptions } from '../../src/registry/registry.ts'
import { type Certificate, makeCertificate } from '../../src/webhook/certificate.ts'
import { closedAfterTest } from '../support/lifetime.ts'
import { plainPlaces } from '../support/plain-network.ts'
import { readAsked } from '../support/shapes/asked.ts'
import type { Shape } from '../support/shapes/shape.ts'

/** A cloud's registry on this machine, under its own name. */
export interface CloudRegistry {
  /** How a dialogue gets there. */
  readonly way: Partial<RegistryOptions>
  /** On which port a host of the registry speaks TLS. */
  readonly portOf: (host: string) => number | undefined
  /** What its hosts prove themselves with, and the cloud's token service. */
  readonly certificate: Certificate
}

const tokenServices = ['login.microsoftonline.com', 'sts.googleapis.com']
const hourMs = 60 * 60 * 1000

const send = (response: ServerResponse, { status, headers, body }: Answer, method: string): void => {
  response.writeHead(status, headers).end(method === 'HEAD' ? undefined : body)
}

/** Starts a registry that is dressed as a cloud's, as long as the test; `intercept` is what it does beside being a registry. */
export const startCloudRegistry = async (shape: Shape, intercept: Intercept = () => false): Promise<CloudRegistry> => {
  const certificate = await makeCertificate([...shape.hosts, ...tokenServices], new Date(), hourMs)
  const shelf = shape.repositories.reduce((all, name) => placed(all, name, '1', singleImage('linux/amd64')), emptyShelf)
  let port = 0
  const speak = shape.speak({ origin: host => `https://${host}:${port}`, shelf, epoch: () => 1 })
  const server = closedAfterTest(
    await startRegistry({
      tls: certificate,
      intercept: async (request, response) => {
        if (await intercept(request, response)) return true
        const asked = await readAsked(request)
        send(response, speak(asked), asked.method)
        return true
      },
    }),
  )
  port = Number(server.host.split(':')[1])

  // On the port that the test has; 443 is not its own.
  const findPlaces: FindPlaces = async reference => {
    const found = await plainPlaces(reference)
    if (!found.ok) return found
    const ours = (base: string): string => base.replace(/^(https:\/\/[^/:]+)/, `$1:${port}`)
    return ok(found.value.map(({ host, ...rest }) => ({ ...rest, host: { ...host, bases: host.bases.map(ours) } })))
  }
  const resolve = (name: string): Promise<readonly string[]> =>
    shape.hosts.includes(name) ? Promise.resolve(['127.0.0.1']) : Promise.reject(new Error(`${name} is not asked`))
  const trusted = [certificate.ca]
  return {
    way: { findPlaces, resolve, trust: () => trusted },
    portOf: host => (shape.hosts.includes(host) ? port : undefined),
    certificate,
  }
}
