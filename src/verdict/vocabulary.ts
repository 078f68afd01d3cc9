import type { CredentialSource, SecretProblem } from '../credentials/note.ts'
import type { ProviderProblem } from '../credentials/provider/provider-problem.ts'
import type { AnswerProblem, NetworkProblem, Step } from '../registry/failure.ts'

/** What is wrong with a pull secret. */
export const secretWords: Readonly<Record<SecretProblem, string>> = {
  'not-json': 'its content is no JSON',
  'wrong-shape': 'its content is not a docker configuration',
  'bad-base64': 'an auth field in it is not base64',
  'no-colon': 'an auth field in it is not user:password',
}

/** What could not be read. */
export const sourceWords: Readonly<Record<CredentialSource, string>> = {
  secret: 'pull secret',
  'service-account': 'service account',
  provider: 'credential provider',
  'docker-config': 'docker configuration',
  controller: 'what its controller adds',
}

/** What became of a credential provider that was asked; its name stands before it. */
export const providerWords: Readonly<Record<ProviderProblem['what'], string>> = {
  missing: 'is not installed where Pullgate runs',
  'not-runnable': 'cannot be run where Pullgate runs',
  failed: 'failed',
  'too-much-output': 'printed too much',
  'timed-out': 'did not answer in time',
  'bad-answer': 'gave a malformed answer',
  'no-token': "needs a token of the pod's service account, which could not be had",
  'gives-token': 'gave back the token that it was told',
}

/** Why no conversation came about. */
export const networkWords: Readonly<Record<NetworkProblem, string>> = {
  'no-such-host': 'there is no host of this name',
  'resolver-failed': 'its name could not be resolved',
  'connection-refused': 'the connection was refused',
  'connection-lost': 'the connection was lost',
  'no-route': 'there is no route to it',
  'breaker-open': 'it failed a moment ago and is left alone for now',
  'certificate-expired': 'its certificate has expired',
  'certificate-untrusted': 'its certificate is signed by an unknown authority',
  'certificate-name': 'its certificate is for another name',
  'tls-failed': 'no TLS connection came about',
  'not-https': 'it speaks HTTP where HTTPS is wanted',
  'proxy-refused': 'the proxy could not be used',
  'proxy-auth': 'the proxy wants credentials',
  'mirror-unasked': 'a mirror before it could not be asked',
  'too-busy': 'too many questions to it are waiting already',
  'hosts-unreadable': 'the configuration of its hosts could not be read',
  'hosts-mistaken': 'the configuration of its hosts has a mistake',
  'short-name': 'its name has no registry, and the configuration adds none, or not one alone',
  'hosts-forbidden': 'the configuration of registries forbids it',
  'no-capable-host': 'the configuration of its hosts lets none of them be asked',
}

/** When it happened. */
export const stepWords: Readonly<Record<Step, string>> = {
  hosts: 'when its hosts were looked up',
  dns: 'when its name was looked up',
  connect: 'when it was called',
  tls: 'when TLS was negotiated',
  proxy: 'through the proxy',
  token: 'when asked for a token',
  manifest: 'when asked for the manifest',
  child: 'when asked for a platform of the image',
  config: "when asked for the image's configuration",
  program: 'when asked for a layer',
  tags: 'when asked for its tags',
}

const problemWords: Readonly<Record<AnswerProblem, string>> = {
  'server-error': 'failed',
  'unexpected-status': 'gave an unexpected answer',
  'bare-not-found': 'does not say what is missing',
  'not-a-registry': 'does not speak as a registry does',
  'not-json': 'sent no valid JSON',
  'wrong-shape': 'sent JSON of another shape',
  'wrong-media-type': 'contradicts itself about the media type',
  contradiction: 'lists a tag that it does not have',
  'bad-digest': 'sent a digest that is none',
  'digest-mismatch': 'sent bytes that do not match their digest',
  'wrong-size': 'sent what is not of the size that its manifest says',
  'too-large': 'sent too much',
  'too-many-entries': 'sent too long a list',
  'no-token': 'gave no token',
  'bad-realm': 'named a token server that is not to be used',
  'bad-redirect': 'redirected to where we do not follow',
  'refused-after-redirect': 'redirected to a host that refused',
  'unsupported-challenge': 'refuses without saying what it wants',
}

/** What was wrong with an answer. */
export const answerWords = (problem: AnswerProblem, status: number | undefined): string =>
  status === undefined ? problemWords[problem] : `${problemWords[problem]} (status ${status})`
