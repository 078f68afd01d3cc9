import { readFile } from 'node:fs/promises'
import type { Cluster } from '../cluster/cluster.ts'
import { createKeptSecret } from '../cluster/kept-secret.ts'
import { waitByClock } from '../cluster/wait.ts'
import { createWebhookRegistration } from '../cluster/webhook-registration.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { codeOf } from '../lib/small-file.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { certificatesIn, goodUntilMs } from '../webhook/authorities.ts'
import type { CallerOptions } from '../webhook/caller.ts'
import { type Certificate, makeCertificate } from '../webhook/certificate.ts'
import { type CertificateFiles, readCertificateFiles, watchCertificateFiles } from '../webhook/certificate-files.ts'
import { keepCertificate } from '../webhook/keep-certificate.ts'
import { createOwnCertificate, type Lives } from '../webhook/own-certificate.ts'
import { createPublication } from '../webhook/publication.ts'

/** Where a certificate of our own has its authority, and where that is made known. */
export interface SharedAuthority {
  /** `namespace/name` */
  readonly secret: { readonly namespace: string; readonly name: string }
  /** The ValidatingWebhookConfiguration; undefined: others tell the API server. */
  readonly registration: string | undefined
}

/** What the webhook serves with: files, an authority shared by replicas, or one of this process alone. */
export type CertificateChoice =
  | { readonly kind: 'files'; readonly files: CertificateFiles }
  | { readonly kind: 'shared'; readonly authority: SharedAuthority }
  | { readonly kind: 'alone' }

/** A certificate that is good for as long as we run. */
export interface ServingCertificate {
  readonly current: () => Certificate
  /** From now on told of each new one. */
  readonly follow: (use: (certificate: Certificate) => void) => void
  readonly close: () => Promise<void>
}

/** What a certificate is opened with. */
export interface CertificateParts {
  readonly choice: CertificateChoice
  readonly names: readonly string[]
  readonly cluster: Pick<Cluster, 'api'> | undefined
  readonly telemetry: Pick<Telemetry, 'certified' | 'log'>
  readonly lives?: Partial<Lives> & { readonly everyMs?: number }
}

const hourMs = 60 * 60 * 1000
// Replicas look every ten seconds, and API servers learn of a change at once, as a rule.
const usual = { authorityMs: 365 * 24 * hourMs, serverMs: 24 * hourMs, seenMs: 30_000, everyMs: 10_000 }
// Without a cluster nobody renews: one lasts as long as a process is likely to.
const aloneMs = 365 * 24 * hourMs

interface Shelf extends Pick<ServingCertificate, 'follow'> {
  readonly use: (certificate: Certificate) => void
  readonly current: () => Certificate | undefined
}

const createShelf = ({ certified }: Pick<Telemetry, 'certified'>): Shelf => {
  let current: Certificate | undefined
  let follower = (_: Certificate): void => {}
  return {
    use: certificate => {
      current = certificate
      certified('server', goodUntilMs(certificatesIn(certificate.cert)[0] ?? ''))
      certified('authority', goodUntilMs(certificate.ca))
      follower(certificate)
    },
    current: () => current,
    follow: use => {
      follower = use
    },
  }
}

const served = ({ current, follow }: Shelf, close: () => Promise<void>): Result<ServingCertificate, string> => {
  const first = current()
  if (first === undefined) return fail('There is no certificate to serve with.')
  return ok({ current: () => current() ?? first, follow, close })
}

const fromFiles = async (
  files: CertificateFiles,
  { telemetry, lives }: CertificateParts,
): Promise<Result<ServingCertificate, string>> => {
  const read = await readCertificateFiles(files)
  if (!read.ok) return read
  const shelf = createShelf(telemetry)
  shelf.use(read.value)
  const everyMs = lives?.everyMs ?? usual.everyMs
  const watch = watchCertificateFiles({ files, everyMs, current: read.value, use: shelf.use, log: telemetry.log })
  return served(shelf, async () => watch.close())
}

const shared = async (
  { secret, registration }: SharedAuthority,
  { names, cluster, telemetry, lives: given }: CertificateParts,
  signal: AbortSignal,
): Promise<Result<ServingCertificate, string>> => {
  if (cluster === undefined)
    return fail('--ca-secret is of a cluster, and none is known: name a context with --context, or run in a pod.')
  const lives = { ...usual, ...given }
  const [nowMs, wallClock] = [() => performance.now(), () => new Date()]
  const shelf = createShelf(telemetry)
  const publication = createPublication({
    registration: registration === undefined ? undefined : createWebhookRegistration(cluster.api, registration),
    foreignMs: 4 * lives.seenMs,
    ...{ nowMs, wallClock },
  })
  const kept = createKeptSecret(cluster.api, secret)
  const keeper = createOwnCertificate({ secret: kept, publication, names, lives, wallClock, use: shelf.use })
  const keeping = keepCertificate({
    ...{ keeper, everyMs: lives.everyMs, wait: waitByClock, log: telemetry.log },
    secretName: `${secret.namespace}/${secret.name}`,
    registrationName: registration ?? '',
  })
  // Whoever is told to stop while the API server is away does not wait for it.
  signal.addEventListener('abort', () => void keeping.close(), { once: true })
  const first = await keeping.first
  if (first.ok) return served(shelf, keeping.close)
  await keeping.close()
  return first
}

const alone = async ({ names, telemetry }: CertificateParts): Promise<Result<ServingCertificate, string>> => {
  const shelf = createShelf(telemetry)
  shelf.use(await makeCertificate(names, new Date(), aloneMs))
  return served(shelf, async () => {})
}

/** Opens what the webhook serves with; one sentence where there is nothing. */
export const openCertificate = (
  parts: CertificateParts,
  signal: AbortSignal,
): Promise<Result<ServingCertificate, string>> => {
  switch (parts.choice.kind) {
    case 'files':
      return fromFiles(parts.choice.files, parts)
    case 'shared':
      return shared(parts.choice.authority, parts, signal)
    case 'alone':
      return alone(parts)
  }
}

/** Who may ask for reviews; undefined where anybody may. */
export const readCaller = async (
  file: string | undefined,
  names: readonly string[],
): Promise<Result<CallerOptions | undefined, string>> => {
  if (file === undefined) return ok(undefined)
  try {
    const ca = await readFile(file, 'utf8')
    return certificatesIn(ca).length > 0 ? ok({ ca, names }) : fail(`${file} holds no certificate (PEM).`)
  } catch (error) {
    return fail(
      `${file} cannot be read (${codeOf(error)}): it is to hold the authority of the API server's certificate.`,
    )
  }
}
