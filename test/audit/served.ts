import { Writable } from 'node:stream'
import { pullgate, type Run } from '../commands/run-pullgate.ts'

/** A page that an audit serves. */
export interface Served {
  readonly url: string
  /** Ends the audit as Ctrl-C does. */
  readonly stop: () => Promise<Run>
}

/** Runs an audit that serves its page, and waits until it does. */
export const serveAudit = async (
  home: { readonly environment: Readonly<Record<string, string>>; readonly folder: string },
  ...more: readonly string[]
): Promise<Served> => {
  const [at, stopping] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()]
  const stdout = new Writable({
    write: (chunk, _, done) => {
      const url = /the page is at (\S+)/.exec(String(chunk))?.[1]
      if (url !== undefined) at.resolve(url)
      done()
    },
  })
  const onStop = (stop: () => void): void => void stopping.promise.then(stop)
  const end = pullgate(['audit', '--serve', '127.0.0.1:0', ...more], { ...home, stdout, onStop })
  const url = await Promise.race([at.promise, end.then(({ stderr }) => Promise.reject(new Error(stderr)))])
  return {
    url,
    stop: () => {
      stopping.resolve()
      return end
    },
  }
}
