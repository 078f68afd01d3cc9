import fc from 'fast-check'
import { joined, mostly, oddCharacter, oneWord, spliced, textOf } from './text.ts'

const nothing = fc.constant('')

const scheme = mostly(
  6,
  oneWord('Bearer Bearer bearer BEARER Basic basic'),
  oneWord('Digest Negotiate NTLM Bearers Bea_rer'),
)
const name = mostly(
  6,
  oneWord('realm service scope error realm scope'),
  oneWord('Realm SCOPE error_description __proto__ constructor toString a*b ~'),
)

const address = oneWord(
  'https://auth.example/token https://auth.example/token https://auth.example/token?account=a http://127.0.0.1:5000/token https://u:p@auth.example/ ' +
    'https://auth.example/#f //auth.example/t /token ftp://auth.example/ https:/auth.example https://[::1]/t https://',
)
const content = fc.oneof(
  { arbitrary: address, weight: 4 },
  { arbitrary: oneWord('registry.example repository:a/b:pull repository:a:pull,push registry:catalog:*'), weight: 4 },
  {
    arbitrary: fc.array(oneWord('repository:a/b:pull x a=b , é 😀 "'), { maxLength: 3 }).map(w => w.join(' ')),
    weight: 1,
  },
  { arbitrary: textOf('ab\\" ,=\t\u0085', 8), weight: 1 },
  { arbitrary: nothing, weight: 1 },
)

const escaped = (text: string) => text.replace(/["\\]/g, '\\$&')
const value = fc.oneof(
  { arbitrary: content.map(text => `"${escaped(text)}"`), weight: 8 },
  { arbitrary: textOf('abz019.-_', 8), weight: 2 },
  { arbitrary: content.map(text => `"${text}"`), weight: 1 },
  { arbitrary: content, weight: 1 },
)

const blank = mostly(
  4,
  nothing,
  oneWord('\t ').map(() => ' '),
)
const equals = mostly(20, fc.constant('='), oneWord('== : =,'))
const comma = mostly(8, joined(blank, fc.constant(','), blank), fc.constantFrom(' ', ',,', ';', ' , ', '\t,\r\n'))
const realm = joined(
  oneWord('realm Realm'),
  equals,
  mostly(
    1,
    oneWord('"https://auth.example/token"'),
    address.map(text => `"${text}"`),
  ),
)
const parameter = fc.oneof({ arbitrary: realm, weight: 1 }, { arbitrary: joined(name, equals, value), weight: 1 })
const parameters = fc
  .tuple(parameter, fc.array(fc.tuple(comma, parameter), { maxLength: 4 }))
  .map(([first, others]) => [first, ...others.flat()].join(''))
const gap = mostly(12, fc.constant(' '), fc.constantFrom('', '  ', '\t', ', ', '='))

const sound = joined(scheme, gap, parameters)
const line = fc.oneof(
  { arbitrary: sound, weight: 8 },
  { arbitrary: spliced(sound), weight: 4 },
  { arbitrary: joined(sound, comma, sound), weight: 1 },
  { arbitrary: scheme, weight: 1 },
  { arbitrary: fc.array(oddCharacter, { maxLength: 8 }).map(characters => characters.join('')), weight: 1 },
)

/** Lines of `WWW-Authenticate`, most of them challenges or nearly so; well within the bounds that are ours. */
export const challengeLines: fc.Arbitrary<readonly string[]> = fc.array(line, { maxLength: 4 })
