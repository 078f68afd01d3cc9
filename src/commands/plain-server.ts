import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fail, ok, type Result } from '../lib/result.ts'
import { codeOf } from '../lib/small-file.ts'

/** A server of plain HTTP that listens. */
export interface PlainServer {
  /** Without a path. */
  readonly url: string
  readonly close: () => Promise<void>
}

/** A host as it stands in a URL. */
export const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/** All addresses of this machine, of IPv4 and of IPv6. */
export const everyAddress = '::'

// A machine without IPv6.
const noSuchFamily = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL'])

/** The system's code where it cannot. */
const listenProblem = async (server: Server, host: string, port: number): Promise<string | undefined> => {
  try {
    server.listen(port, host)
    await once(server, 'listening')
    return undefined
  } catch (error) {
    return codeOf(error)
  }
}

/** Lets a server listen; fails with the system's code where it cannot. */
export const listenOn = async (server: Server, host: string, port: number): Promise<Result<PlainServer, string>> => {
  const problem = await listenProblem(server, host, port)
  if (problem !== undefined && host === everyAddress && noSuchFamily.has(problem))
    return listenOn(server, '0.0.0.0', port)
  if (problem !== undefined) return fail(problem)
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return ok({ url: `http://${urlHost(host)}:${(server.address() as AddressInfo).port}`, close })
}
