import type { Outcome } from './outcome.ts'
import { goodHost, type Scene, type SceneHost } from './scene.ts'

/** A pull of which we know how CRI-O ends it. */
export type Row = readonly [
  name: string,
  end: Outcome['end'],
  scene: Partial<Omit<Scene, 'name' | 'hosts'>>,
  ...hosts: readonly [Partial<SceneHost>, ...Partial<SceneHost>[]],
]

const shut: Partial<SceneHost> = { readers: 'reader' }
const right = { shown: 'right' } as const

/** The rows, each with what there is to say of its hosts beside the good. */
export const rows: readonly Row[] = [
  ['anybody gets a token, and the image', 'got', {}, {}],
  ['the right password, by a token', 'got', right, shut],
  ['the wrong one', 'refused', { shown: 'wrong' }, shut],
  ['none', 'refused', {}, { ...shut, shut: 'insufficient scope' }],
  ['a name without a password is somebody by name alone', 'refused', { shown: 'no password' }, shut],
  ['an identity token, by POST', 'got', { shown: 'identity token' }, shut],
  ['the token server is at the registry itself', 'got', right, { ...shut, realm: 'own' }],
  [
    'Artifactory: no tag to anybody who is not challenged, and the greeting challenges',
    'got',
    right,
    { ...shut, shut: 'hidden' },
  ],
  ['the same without a password', 'absent', {}, { ...shut, shut: 'hidden' }],
  [
    'a greeting without a challenge: no password is ever shown',
    'refused',
    right,
    { ...shut, greeting: 'open', wants: 'basic' },
  ],
  [
    'a greeting of 401 without a challenge',
    'refused',
    right,
    { ...shut, greeting: 'nothing with 401', wants: 'bearer' },
  ],
  ['a greeting of 200 with a challenge', 'got', right, { ...shut, greeting: 'bearer with 200' }],
  [
    'the first challenge counts, not the best',
    'got',
    right,
    { ...shut, greeting: 'basic, then bearer', wants: 'basic' },
  ],
  ['though the second would do', 'refused', right, { ...shut, greeting: 'basic, then bearer', wants: 'bearer' }],
  ['a challenge that nobody can answer is passed over', 'got', right, { ...shut, greeting: 'digest, then basic' }],
  ['of two in one line the first', 'got', right, { ...shut, greeting: 'two in one line', wants: 'bearer' }],
  ['a realm behind an empty parameter is not seen', 'odd', right, { greeting: 'bearer after an empty service' }],
  ['a password', 'got', right, { ...shut, greeting: 'basic' }],
  ['an empty name and an empty password, where nobody has any', 'got', {}, { greeting: 'basic' }],
  ['no greeting', 'absent', right, { greeting: 404 }],
  ['a broken greeting', 'broken', right, { greeting: 500 }],
  ['a greeting for later', 'busy', right, { greeting: 429 }],
  ['a registry that has had enough', 'busy', right, { shelf: 'busy' }],
  ['another scope is asked for once', 'got', right, { shut: 'another scope' }],
  ['a token that comes with 201 is none', 'broken', right, { ...shut, tokens: { ...goodHost.tokens, right: 201 } }],
  ['of two tokens the one of that name', 'got', right, { ...shut, tokens: { ...goodHost.tokens, form: 'both' } }],
  ['nothing by HEAD', 'got', right, { ...shut, shelf: 'HEAD 404' }],
  ['nothing by HEAD, which breaks', 'got', right, { ...shut, shelf: 'HEAD 500' }],
  ['no digest in the header', 'got', right, { ...shut, shelf: 'no digest' }],
  ['HTTP, where it may be insecure', 'got', right, { ...shut, wire: 'plain', insecure: true }],
  ['HTTP, where it may not', 'unreachable', right, { wire: 'plain' }],
  ['a certificate that nobody signed', 'unreachable', right, { wire: 'stranger' }],
  ['the same, where it may be insecure', 'got', right, { ...shut, wire: 'stranger', insecure: true }],
  ['nobody listens', 'unreachable', right, { wire: 'closed' }],
  ['a mirror before the registry', 'got', right, {}, { shelf: 'no repository' }],
  ['no password for a mirror elsewhere', 'got', right, shut, shut],
  ['a mirror that is broken', 'got', right, { shelf: 'broken' }, {}],
  ['a mirror that greets nobody', 'got', right, { greeting: 403 }, {}],
  ['a mirror without the tag, and one that is not there', 'got', {}, { shelf: 'no tag' }, { wire: 'closed' }, {}],
  [
    'of all the failures the last',
    'absent',
    right,
    { shelf: 'no tag' },
    { shelf: 'no tag', wire: 'plain', insecure: true },
  ],
  ['no tag', 'absent', right, { shelf: 'no tag' }],
  ['no repository', 'absent', right, { shelf: 'no repository' }],
  ['no child', 'part absent', right, { shelf: 'no child' }],
  ['no configuration', 'part absent', { ...right, image: 'single' }, { shelf: 'no config' }],
  ['another image under the digest', 'odd', { ...right, by: 'digest', image: 'single' }, { shelf: 'another image' }],
  ['a single image by its digest', 'got', { ...right, by: 'digest', image: 'single' }, shut],
]

/** The scene of a row. */
export const sceneOf = ([name, , scene, first, ...rest]: Row): Scene => ({
  ...{ name, shown: 'nothing', by: 'tag', image: 'index', ...scene },
  hosts: [{ ...goodHost, ...first }, ...rest.map(host => ({ ...goodHost, ...host }))],
})
