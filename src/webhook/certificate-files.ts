import { fail, ok, type Result } from '../lib/result.ts'
import { type FileProblem, readSmallFile } from '../lib/small-file.ts'
import { belongsTo, certificatesIn } from './authorities.ts'
import type { Certificate } from './certificate.ts'

/** Where a certificate and its key are. */
export interface CertificateFiles {
  readonly cert: string
  readonly key: string
}

const fileSentence = ({ file, problem, code }: FileProblem): string => {
  if (code === 'ENOENT')
    return `${file} is not there: it is to hold the certificate or the key that the webhook serves with.`
  return `${file} cannot be read (${code ?? problem}).`
}

/** Reads a certificate and its key; one sentence where they cannot be served with. */
export const readCertificateFiles = async ({ cert, key }: CertificateFiles): Promise<Result<Certificate, string>> => {
  const [certBytes, keyBytes] = await Promise.all([readSmallFile(cert), readSmallFile(key)])
  if (!certBytes.ok) return fail(fileSentence(certBytes.error))
  if (!keyBytes.ok) return fail(fileSentence(keyBytes.error))
  const [chain, keyText] = [certBytes.value.toString(), keyBytes.value.toString()]
  const [first] = certificatesIn(chain)
  if (first === undefined) return fail(`${cert} holds no certificate (PEM).`)
  if (!keyText.includes('PRIVATE KEY-----')) return fail(`${key} holds no private key (PEM).`)
  if (!belongsTo(keyText, first)) return fail(`${key} is not the key of the certificate in ${cert}.`)
  return ok({ cert: chain, key: keyText, ca: certificatesIn(chain).at(-1) ?? first })
}

/** Options of a watch over the files of a certificate. */
export interface WatchFilesOptions {
  readonly files: CertificateFiles
  readonly everyMs: number
  /** What is served with now. */
  readonly current: Certificate
  readonly use: (certificate: Certificate) => void
  readonly log: (text: string) => void
}

/** A watch that can be ended. */
export interface FilesWatch {
  /** Looks now. */
  readonly look: () => Promise<void>
  readonly close: () => void
}

/**
 * Looks every so often whether the files hold another certificate. A key that does not belong to it is complained of at the
 * second look: somebody may be writing the two.
 */
export const watchCertificateFiles = ({ files, everyMs, current, use, log }: WatchFilesOptions): FilesWatch => {
  let [before, seen, told] = [current, '', '']
  const look = async (): Promise<void> => {
    const read = await readCertificateFiles(files)
    if (!read.ok) {
      if (read.error === seen && read.error !== told) log(`${read.error} What was read before goes on.`)
      if (read.error === seen) told = read.error
      seen = read.error
      return
    }
    ;[seen, told] = ['', '']
    if (read.value.cert === before.cert && read.value.key === before.key) return
    before = read.value
    use(before)
  }
  const timer = setInterval(() => void look(), everyMs)
  return { look, close: () => clearInterval(timer) }
}
