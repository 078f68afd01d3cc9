import { ok } from '../../../src/lib/result.ts'
import type { Authorizer } from '../../../src/registry/auth/authorize.ts'
import { basicAuthorization } from '../../../src/registry/auth/credential.ts'
import type { RegistryOptions } from '../../../src/registry/registry.ts'
import type { Headers, Send } from '../../../src/registry/send.ts'

/** Shows token servers the headers that the operator's files add for the registry. */
export const spreadingHeaders = (send: Send): Send => {
  const added = new Map<object, Headers>()
  return (request, signal) => {
    const { authorization: _, ...headers } = request.headers
    if (request.step === 'token') {
      const more = added.get(request.client) ?? {}
      return send({ ...request, headers: { ...more, ...request.headers } }, signal)
    }
    added.set(request.client, headers)
    return send(request, signal)
  }
}

/** Shows everybody what the proxy asks for. */
export const showingProxyPassword = (send: Send, { proxies }: RegistryOptions): Send => {
  const { username, password } = new URL(proxies.httpsProxy || 'http://proxy.example')
  const authorization = basicAuthorization({ username, password })
  return password === ''
    ? send
    : (request, signal) =>
        send({ ...request, headers: { ...request.headers, 'proxy-authorization': authorization } }, signal)
}

/** Shows a credential before anybody has asked for one. */
export const eager =
  (authorize: Authorizer): Authorizer =>
  (request, access, signal) => {
    const { credential } = access
    if (credential === undefined) return authorize(request, access, signal)
    const authorization = basicAuthorization(credential)
    return authorize({ ...request, headers: { ...request.headers, authorization } }, access, signal)
  }

/** Lets every mirror have the credentials. */
export const everybodyTakesCredentials = (options: RegistryOptions): RegistryOptions => ({
  ...options,
  findPlaces: async reference => {
    const found = await options.findPlaces(reference)
    if (!found.ok) return found
    return ok(found.value.map(place => ({ ...place, host: { ...place.host, takesCredentials: true } })))
  },
})
