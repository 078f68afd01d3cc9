import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { singleImage } from '../../src/demo/images.ts'
import { type Exchanged, shownUrl } from '../../src/registry/observe.ts'
import { closedAfterTest, dialogueForTest, registryFor } from '../support/lifetime.ts'
import { pullOf } from '../support/reference-of.ts'
import { bearerGate, startTokenServer } from '../support/token-server.ts'

describe('an address is shown', () => {
  test.each([
    ['https://registry.example/v2/shop/web/manifests/1', 'https://registry.example/v2/shop/web/manifests/1'],
    [
      'https://registry.example/v2/a/tags/list?n=1000&last=1.2',
      'https://registry.example/v2/a/tags/list?n=1000&last=1.2',
    ],
    [
      'https://auth.example/token?service=registry.example&scope=repository%3Ashop%2Fweb%3Apull',
      'https://auth.example/token?service=registry.example&scope=repository:shop/web:pull',
    ],
    ['https://mirror.example/v2/a/manifests/1?ns=docker.io', 'https://mirror.example/v2/a/manifests/1?ns=docker.io'],
  ])('whole where it says nothing but what the protocol knows: %s', (url, shown) => expect(shownUrl(url)).toBe(shown))

  test.each([
    ['https://cdn.example/blob?X-Amz-Signature=CANARY&X-Amz-Date=CANARY', 'https://cdn.example/blob?…'],
    ['https://cdn.example/blob?n=1&sig=CANARY', 'https://cdn.example/blob?n=1&…'],
    ['https://cdn.example/blob?CANARY', 'https://cdn.example/blob?…'],
    ['https://cdn.example/blob?N=CANARY&ns[]=CANARY', 'https://cdn.example/blob?…'],
    ['https://name:CANARY@cdn.example/blob#CANARY', 'https://cdn.example/blob'],
    ['https://cdn.example/blob?', 'https://cdn.example/blob'],
  ])('without what may open a door: %s', (url, shown) => {
    expect(shownUrl(url)).toBe(shown)
    expect(shownUrl(url)).not.toContain('CANARY')
  })

  test.each([
    ['https://auth.example/token?service=a%0Ab%1B%5B31m', 'https://auth.example/token?service=a%0Ab%1B%5B31m'],
    ['https://auth.example/token?service=a%26scope%3Db', 'https://auth.example/token?service=a%26scope%3Db'],
    ['https://auth.example/token?service=%E2%80%AEgnp', 'https://auth.example/token?service=%E2%80%AEgnp'],
  ])('on one line, and without anything that could move a cursor: %s', (url, shown) =>
    expect(shownUrl(url)).toBe(shown),
  )

  test('in printable characters, whatever the query is, and nothing of what is not known', () => {
    const name = fc.oneof(fc.string(), fc.constantFrom('service', 'scope', 'n', 'X-Amz-Signature'))
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string({ unit: 'binary' }))), pairs => {
        const url = new URL('https://cdn.example/blob')
        url.search = new URLSearchParams(pairs).toString()
        expect(shownUrl(url.href)).toMatch(/^[!-~…]*$/)
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const url = new URL('https://cdn.example/blob')
        url.search = text
        expect(shownUrl(url.href)).toMatch(/^[!-~…]*$/)
      }),
    )
  })
})

describe('who looks on', () => {
  test('sees each request with its end, and no secret of any kind', async () => {
    const image = singleImage('linux/amd64')
    const account = { username: 'ada', password: 'CANARY-PASSWORD' }
    const tokens = closedAfterTest(await startTokenServer({ accounts: [account] }))
    const network = await registryFor()
    network.put('shop/web', '1', image)
    const gate = bearerGate({ tokens })
    const registry = await registryFor({
      intercept: async (request, response) => {
        if (await gate(request, response)) return true
        if (request.method === 'HEAD') return false
        const location = `http://${network.host}${request.url}?X-Signature=CANARY-SIGNATURE`
        return Boolean(response.writeHead(307, { location }).end('CANARY-BODY'))
      },
    })
    registry.put('shop/web', '1', image)
    const seen: Exchanged[] = []
    const dialogue = dialogueForTest({ observe: exchanged => void seen.push(exchanged) })
    const pull = pullOf(`${registry.host}/shop/web:1`, account)
    const signal = AbortSignal.timeout(5000)
    expect((await dialogue.resolve(pull, signal)).ok).toBe(true)
    expect((await dialogue.manifest(pull, image.top.digest, signal)).ok).toBe(true)
    expect(seen.map(({ method, url, step, outcome }) => `${method} ${url} ${step} ${outcome}`)).toEqual([
      `HEAD https://${registry.host}/v2/shop/web/manifests/1 manifest unreachable`,
      `HEAD http://${registry.host}/v2/shop/web/manifests/1 manifest 401`,
      `POST http://${tokens.host}/token token 200`,
      `HEAD http://${registry.host}/v2/shop/web/manifests/1 manifest 200`,
      `GET http://${registry.host}/v2/shop/web/manifests/${image.top.digest} manifest 307`,
      `GET http://${network.host}/v2/shop/web/manifests/${image.top.digest}?… manifest 200`,
    ])
    expect(JSON.stringify(seen)).not.toMatch(/CANARY|TOKEN|Bearer|Basic/)
    expect(seen.every(({ tookMs }) => tookMs >= 0)).toBe(true)
  })
})
