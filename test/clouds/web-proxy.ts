import { connect } from 'node:net'
import { type Call, plain, type Reply, startLoopback } from './loopback.ts'

/** Who answers behind a proxy. */
export interface BehindProxy {
  /** What a request without TLS is answered. */
  readonly answer: (url: URL, call: Call) => Reply
  /** On which port of this machine a host's TLS is spoken; undefined: nobody is there. */
  readonly portOf: (host: string) => number | undefined
}

/**
 * Starts a proxy and gives the environment that leads a program to it. The clouds' programs know their metadata servers' addresses by
 * heart, and heed these variables as Go programs do.
 */
export const startWebProxy = async ({
  answer,
  portOf,
}: BehindProxy): Promise<{ readonly HTTP_PROXY: string; readonly HTTPS_PROXY: string }> => {
  const { server, url } = await startLoopback(call =>
    URL.canParse(call.url) ? answer(new URL(call.url), call) : plain(400, ''),
  )
  server.on('connect', (request, socket, head) => {
    const port = portOf(request.url?.replace(/:443$/, '') ?? '')
    if (port === undefined) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
      return
    }
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      onward.write(head)
      onward.pipe(socket).pipe(onward)
    })
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
  })
  return { HTTP_PROXY: url, HTTPS_PROXY: url }
}
