import { setTimeout as wait } from 'node:timers/promises'
import { Agent, request as ask } from 'undici'
import type { ApiAddress, Asker } from './kubeconfig.ts'

/** An object of Kubernetes, as far as every object is alike. */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid?: string
    readonly resourceVersion?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly [more: string]: unknown
  }
  readonly [more: string]: unknown
}

/** What names an object. */
export interface KubeName {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

/** What the API server answered, whatever the status. */
export interface KubeAnswer {
  readonly status: number
  readonly body: unknown
  /** The texts of its Warning headers. */
  readonly warnings: readonly string[]
}

/** Speaks JSON with an API server. */
export interface KubeClient {
  /** Asks anything; a status is never an exception. */
  readonly request: (method: string, path: string, body?: unknown, contentType?: string) => Promise<KubeAnswer>
  /** Makes the object so, whatever it was (server-side apply, by force). */
  readonly apply: (object: KubeObject) => Promise<KubeObject>
  /** Tries to create it, and gives the answer, whatever the status. */
  readonly create: (object: KubeObject, dryRun?: boolean) => Promise<KubeAnswer>
  readonly get: (apiVersion: string, kind: string, name: string, namespace?: string) => Promise<KubeObject | undefined>
  /** `query` is such as `labelSelector=app%3Dweb`. */
  readonly list: (
    apiVersion: string,
    kind: string,
    namespace?: string,
    query?: string,
  ) => Promise<readonly KubeObject[]>
  /** Deletes it, at once by default; one that is not there is fine. */
  readonly remove: (object: KubeName, graceSeconds?: number) => Promise<void>
  /** Waits until the object satisfies, or says in the end what it was last. */
  readonly until: (
    apiVersion: string,
    kind: string,
    name: string,
    namespace: string | undefined,
    holds: (object: KubeObject) => boolean,
    withinMs: number,
  ) => Promise<KubeObject>
  readonly close: () => Promise<void>
}

interface Resource {
  readonly name: string
  readonly kind: string
  readonly namespaced: boolean
}

const agentFor = ({ ca }: ApiAddress, asker: Asker | undefined): Agent => {
  const shown = asker === undefined || 'token' in asker ? {} : { cert: asker.cert, key: asker.key }
  return new Agent({ connect: { ca, ...shown }, connections: 32 })
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

// RFC 7234 5.5: code, agent, and the text in quotes.
const warningsOf = (header: string | string[] | undefined): readonly string[] =>
  [header ?? []].flat().flatMap(line => {
    const text = /^299 \S+ ("(?:[^"\\]|\\.)*")/.exec(line)?.[1]
    return text === undefined ? [] : [text.slice(1, -1).replaceAll(/\\(.)/g, '$1')]
  })

const messageOf = ({ status, body }: KubeAnswer): string => {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : body
  return `${status} ${typeof message === 'string' ? message : JSON.stringify(message)}`
}

const must = (what: string, answer: KubeAnswer): unknown => {
  if (answer.status >= 300) throw new Error(`${what}: ${messageOf(answer)}`)
  return answer.body
}

const groupPath = (apiVersion: string): string =>
  apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`

/** Speaks with an API server as one asker, or as nobody. */
export const connectAs = (address: ApiAddress, asker?: Asker): KubeClient => {
  const dispatcher = agentFor(address, asker)
  const authorization = asker !== undefined && 'token' in asker ? { authorization: `Bearer ${asker.token}` } : {}
  const known = new Map<string, Resource>()

  const request: KubeClient['request'] = async (method, path, body, contentType = 'application/json') => {
    const answer = await ask(new URL(path, address.url), {
      method,
      dispatcher,
      headers: {
        accept: 'application/json',
        ...authorization,
        ...(body === undefined ? {} : { 'content-type': contentType }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    })
    const text = await answer.body.text()
    return { status: answer.statusCode, body: jsonOf(text), warnings: warningsOf(answer.headers['warning']) }
  }

  const discover = async (apiVersion: string, kind: string): Promise<Resource> => {
    const found = must(`discovery of ${apiVersion}`, await request('GET', groupPath(apiVersion))) as {
      readonly resources: readonly Resource[]
    }
    const resource = found.resources.find(each => each.kind === kind && !each.name.includes('/'))
    if (resource === undefined) throw new Error(`the API server knows no ${kind} in ${apiVersion}`)
    known.set(`${apiVersion} ${kind}`, resource)
    return resource
  }

  const collection = async (apiVersion: string, kind: string, namespace: string | undefined): Promise<string> => {
    const { name, namespaced } = known.get(`${apiVersion} ${kind}`) ?? (await discover(apiVersion, kind))
    const within = namespaced && namespace !== undefined ? `/namespaces/${namespace}` : ''
    return `${groupPath(apiVersion)}${within}/${name}`
  }

  const pathOf = async ({ apiVersion, kind, metadata }: KubeName): Promise<string> =>
    `${await collection(apiVersion, kind, metadata.namespace ?? 'default')}/${metadata.name}`

  const get: KubeClient['get'] = async (apiVersion, kind, name, namespace) => {
    const metadata = { name, ...(namespace === undefined ? {} : { namespace }) }
    const answer = await request('GET', await pathOf({ apiVersion, kind, metadata }))
    return answer.status === 404 ? undefined : (must(`get ${kind} ${name}`, answer) as KubeObject)
  }

  return {
    request,
    get,
    apply: async object => {
      const path = `${await pathOf(object)}?fieldManager=test&force=true`
      const answer = await request('PATCH', path, object, 'application/apply-patch+yaml')
      return must(`apply ${object.kind} ${object.metadata.name}`, answer) as KubeObject
    },
    create: async (object, dryRun = false) => {
      const path = await collection(object.apiVersion, object.kind, object.metadata.namespace ?? 'default')
      return request('POST', dryRun ? `${path}?dryRun=All` : path, object)
    },
    list: async (apiVersion, kind, namespace, query = '') => {
      const path = await collection(apiVersion, kind, namespace)
      const body = must(`list ${kind}`, await request('GET', `${path}?${query}`)) as {
        readonly items: readonly KubeObject[]
      }
      return body.items
    },
    remove: async (object, graceSeconds = 0) => {
      const answer = await request('DELETE', await pathOf(object), { gracePeriodSeconds: graceSeconds })
      if (answer.status !== 404) must(`delete ${object.kind} ${object.metadata.name}`, answer)
    },
    until: async (apiVersion, kind, name, namespace, holds, withinMs) => {
      const started = performance.now()
      let object = await get(apiVersion, kind, name, namespace)
      for (let pauseMs = 50; object === undefined || !holds(object); pauseMs = Math.min(500, pauseMs * 1.3)) {
        if (performance.now() - started > withinMs)
          throw new Error(`${kind} ${name} is not as it was waited for: ${JSON.stringify(object)}`)
        await wait(pauseMs)
        object = await get(apiVersion, kind, name, namespace)
      }
      return object
    },
    close: () => dispatcher.close(),
  }
}
