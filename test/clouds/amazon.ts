import { type Call, json, plain, type Reply, startLoopback } from './loopback.ts'

/** How a program gets to a role: by its machine, by the agent of EKS Pod Identity, or by a token of its ServiceAccount. */
export type Way = 'machine' | 'agent' | 'token'

/** Amazon's endpoints as far as they differ between tests. */
export interface AmazonOptions {
  /** The password in the registry's token. */
  readonly password: string
  /** The token that the machine's agent or the token service wants to see. */
  readonly proof: string
  readonly role: string
  /** For how long the registry's token is good. */
  readonly lifeSeconds: number
  /** Whether the role may get one. */
  readonly mayPull: boolean
}

/** Amazon's endpoints on this machine. */
export interface Amazon {
  readonly url: string
  /** What was asked, in order. */
  readonly asked: readonly string[]
}

const session = 'MACHINE-SESSION'
const roleName = 'node-role'
const secretKey = 'SECRET-ACCESS-KEY'
const keys: Readonly<Record<Way, string>> = { machine: 'ASIAMACHINE', agent: 'ASIAAGENT', token: 'ASIATOKEN' }
const expires = (seconds: number): Date => new Date(Date.now() + seconds * 1000)

const keyDocument = (way: Way): object => ({
  Code: 'Success',
  Type: 'AWS-HMAC',
  AccessKeyId: keys[way],
  SecretAccessKey: secretKey,
  Token: 'SESSION-TOKEN',
  Expiration: expires(3600).toISOString(),
})

// For how long it lives is said in the answer as well, or the SDK does not take it.
const sessionReply: Reply = { ...plain(200, session), headers: { 'X-Aws-Ec2-Metadata-Token-Ttl-Seconds': '300' } }

// Instance Metadata Service version 2: nothing is said without a session, which must be asked for by PUT.
const machine = ({ method, url, headers }: Call): Reply => {
  if (method === 'PUT' && url === '/latest/api/token') return sessionReply
  if (headers['x-aws-ec2-metadata-token'] !== session) return plain(401, '')
  const role = '/latest/meta-data/iam/security-credentials/'
  if (url === role) return plain(200, roleName)
  return url === `${role}${roleName}` ? json(200, keyDocument('machine')) : plain(404, '')
}

const stsAnswer = (): Reply => ({
  status: 200,
  type: 'text/xml',
  body: `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
<Credentials><AccessKeyId>${keys.token}</AccessKeyId><SecretAccessKey>${secretKey}</SecretAccessKey>
<SessionToken>SESSION-TOKEN</SessionToken><Expiration>${expires(3600).toISOString()}</Expiration></Credentials>
</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
})

const stsRefusal: Reply = {
  status: 403,
  type: 'text/xml',
  body: '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
}

/** The registry's and the public gallery's way to say GetAuthorizationToken. */
const targets: Readonly<Record<string, 'private' | 'public'>> = {
  'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken': 'private',
  'SpencerFrontendService.GetAuthorizationToken': 'public',
}

const signedBy = /^AWS4-HMAC-SHA256 Credential=(ASIA[A-Z]+)\/\d{8}\/([a-z0-9-]+)\/(ecr|ecr-public)\/aws4_request, /

/** Starts the metadata service, the agent, the token service and the registry's API in one: a path or a header tells them apart. */
export const startAmazon = async (options: AmazonOptions): Promise<Amazon> => {
  const asked: string[] = []

  const sts = ({ body }: Call): Reply => {
    const form = new URLSearchParams(body)
    asked.push(`STS ${form.get('Action')} ${form.get('RoleArn')}`)
    const isRight = form.get('WebIdentityToken') === options.proof && form.get('RoleArn') === options.role
    return isRight ? stsAnswer() : stsRefusal
  }

  const registry = ({ headers }: Call, which: 'private' | 'public'): Reply => {
    const [, key, region, service] = signedBy.exec(headers.authorization ?? '') ?? []
    const way = Object.entries(keys).find(([, each]) => each === key)?.[0]
    asked.push(`${service} ${region} by ${way}`)
    const type = 'application/x-amz-json-1.1'
    if (way === undefined || !options.mayPull) return json(400, { __type: 'AccessDeniedException' }, type)
    const data = {
      authorizationToken: Buffer.from(`AWS:${options.password}`).toString('base64'),
      expiresAt: expires(options.lifeSeconds).getTime() / 1000,
    }
    return json(200, { authorizationData: which === 'public' ? data : [data] }, type)
  }

  const agent = ({ headers }: Call): Reply => {
    asked.push('agent')
    return headers.authorization === options.proof ? json(200, keyDocument('agent')) : plain(401, '')
  }

  const answer = (call: Call): Reply => {
    const target = targets[`${call.headers['x-amz-target']}`]
    if (target !== undefined) return registry(call, target)
    if (call.url.startsWith('/latest/')) {
      asked.push(`${call.method} ${call.url}`)
      return machine(call)
    }
    return call.url === '/v1/credentials' ? agent(call) : sts(call)
  }
  const { url } = await startLoopback(answer)
  return { url, asked }
}
