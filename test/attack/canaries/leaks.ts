import type { Registry, RegistryOptions } from '../../../src/registry/registry.ts'
import { composed } from './composed.ts'
import { eager, everybodyTakesCredentials, showingProxyPassword, spreadingHeaders } from './leaky-headers.ts'
import { keepingTokens, trustingRealms, withoutQuery } from './leaky-realms.ts'
import { followingBlindly, isSameHost, withoutSecrets } from './leaky-redirects.ts'
import { observingWhole, printingHeaders, tellingAddresses } from './leaky-words.ts'
import type { Violation } from './ledger.ts'

/** A fault that tells somebody what they must not know, made by putting another piece in the place of one of ours. */
export interface Leak {
  readonly name: string
  /** Whether a violation is this leak's doing. */
  readonly shows: (violation: Violation) => boolean
  readonly make: (options: RegistryOptions) => Registry
}

const passwords: readonly Violation['kind'][] = ['password', 'identity token']
const isAPassword = ({ kind }: Violation): boolean => passwords.includes(kind)

const strays = ({ rule }: Violation): boolean => rule === 'not for this server'

/** The leaks. */
export const leaks: readonly Leak[] = [
  {
    name: 'authorization goes along when a redirect leaves the origin',
    make: composed({ follow: send => followingBlindly(send, ({ step }) => step !== 'token') }),
    shows: violation =>
      strays(violation) &&
      violation.spot === 'authorization' &&
      [...passwords, 'access token'].includes(violation.kind),
  },
  {
    name: 'authorization goes along to another port of the same host',
    make: composed({
      follow: send => followingBlindly(send, ({ step, url }, target) => step !== 'token' && isSameHost(url, target)),
    }),
    shows: violation =>
      strays(violation) &&
      violation.spot === 'authorization' &&
      [...passwords, 'access token'].includes(violation.kind),
  },
  {
    name: 'the form with the password follows the redirect of a token server',
    make: composed({ desk: send => followingBlindly(send, ({ step }) => step === 'token') }),
    shows: violation => strays(violation) && isAPassword(violation) && violation.spot === 'body',
  },
  {
    name: 'a realm is not checked',
    make: composed({ desk: trustingRealms }),
    shows: violation => strays(violation) && isAPassword(violation),
  },
  {
    name: 'tokens are kept without regard to whose they are',
    make: composed({ desk: keepingTokens(({ url, namedBy }) => `${withoutQuery(url)} ${namedBy}`) }),
    shows: ({ kind, rule }) => kind === 'access token' && rule === 'of another tenant',
  },
  {
    name: 'tokens are kept without regard to the registry that wanted them',
    make: composed({
      desk: keepingTokens(({ url, body, headers }) =>
        JSON.stringify([withoutQuery(url), body, headers['authorization']]),
      ),
    }),
    shows: violation => strays(violation) && violation.kind === 'access token',
  },
  {
    name: 'a redirect target may challenge',
    make: composed({ follow: send => followingBlindly(withoutSecrets(send), ({ step }) => step !== 'token') }),
    shows: violation => strays(violation) && isAPassword(violation),
  },
  {
    name: 'a credential is shown before it is asked for',
    make: composed({ authorizer: eager }),
    shows: violation => strays(violation) && isAPassword(violation) && violation.spot === 'authorization',
  },
  {
    name: 'a mirror gets credentials that are not for mirrors',
    make: composed({ options: everybodyTakesCredentials }),
    shows: violation => strays(violation) && isAPassword(violation),
  },
  {
    name: "headers of the operator's files go to token servers",
    make: composed({ desk: spreadingHeaders }),
    shows: violation => strays(violation) && violation.kind === 'static header',
  },
  {
    name: "the proxy's password goes through the tunnel",
    make: composed({ wire: showingProxyPassword }),
    shows: violation => strays(violation) && violation.kind === 'proxy password',
  },
  {
    name: 'a failure tells an address with a user in it',
    make: options => composed(tellingAddresses())(options),
    shows: ({ kind, rule, at }) => kind === 'user in a URL' && rule === 'in a text' && at === 'a failure',
  },
  {
    name: 'an onlooker is told the whole address',
    make: options => composed({ wire: observingWhole(options.observe) })(options),
    shows: ({ kind, rule, at }) => kind === 'signature' && rule === 'in a text' && at === 'a trace',
  },
  {
    name: 'headers are printed',
    make: composed({ wire: printingHeaders }),
    shows: violation => isAPassword(violation) && violation.rule === 'in a text' && violation.at === 'a log',
  },
]
