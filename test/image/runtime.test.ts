import { describe, expect, test } from 'vitest'
import { type RuntimeRules, runtimeNames, runtimeRules } from '../../src/image/runtime.ts'

/** The rules in short: the way of pulling, `+features` where they are looked at, `+schema1` where that is pulled. */
const short = ({ pullPath, checksOsFeatures, pullsSchema1 }: RuntimeRules): string =>
  pullPath.replace('containerd-', '') + (checksOsFeatures ? '+features' : '') + (pullsSchema1 ? '+schema1' : '')

const oldest = 'local+schema1'
const before21 = 'local'
const from21 = 'transfer local'
const from23 = 'transfer+features local+features'
const crio = 'cri-o+schema1'
const containerd = `${oldest} ${before21} local transfer local+features transfer+features`
const any = `${containerd} ${crio}`

describe('the rules of a runtime', () => {
  const rows: readonly (readonly [version: string, rules: string, why: string])[] = [
    ['containerd://1.7.34', oldest, 'containerd 1 pulls by itself, schema 1 too'],
    ['containerd://1.6.8', oldest, 'an older one as well'],
    ['containerd://v1.7.27-k3s1', oldest, 'whoever built it'],
    ['containerd://1.7.24~ds1', oldest, 'whoever packed it'],
    ['containerd://0.9.1', oldest, 'even before its first release'],
    ['containerd://2.0.0', before21, 'containerd 2 does not pull schema 1'],
    ['containerd://v2.0.0', before21, 'a v before the number is nothing'],
    ['containerd://2.0.7', before21, 'no patch changes that'],
    ['containerd://2.1.0-rc.1', from21, 'a candidate of 2.1 pulls as 2.1 does'],
    ['containerd://2.1.0', from21, 'from 2.1 on the transfer service pulls, unless it is configured away'],
    ['containerd://2.2.7', from21, 'so does 2.2'],
    ['containerd://2.3.0', from23, 'from 2.3 on features of systems count'],
    ['containerd://2.3.4', from23, 'so does 2.3.4'],
    ['containerd://2.4.2-k3s1', from23, 'and 2.4, whoever built it'],
    ['containerd://2.10.0', from23, '10 is more than 3'],
    ['containerd://3.0.0', from23, 'the next major version will hardly go back'],
    ['cri-o://1.35.0', crio, 'CRI-O has one way of pulling'],
    ['cri-o://1.20.0', crio, 'and always had'],
    ['cri-o://', crio, 'whatever its version'],
    ['containerd://', containerd, 'containerd of no version is any containerd'],
    ['containerd://Unknown', containerd, 'and so it is with one that is no number'],
    ['containerd://2', containerd, 'or that is half a number'],
    ['containerd://99999999999999999999.1', containerd, 'or that is too great'],
    ['containerd://1.99999999999999999999', oldest, 'a great minor version changes nothing'],
    ['containerd://2.99999999999999999999', from23, 'nor here'],
    ['docker://28.0', any, 'Docker pulls in one of these ways, nobody knows which'],
    ['', any, 'a node that does not tell may have any runtime'],
    ['garbage', any, 'and so may one that tells nonsense'],
    [' containerd://2.0.0', any, 'a blank makes nonsense of it'],
    ['CONTAINERD://2.0.0', any, 'and so do capitals, since no kubelet writes them'],
    ['containerd:2.0.0', any, 'and so do missing slashes'],
    ['\u0000', any, 'and so does anything else'],
  ]

  test.each(rows)('%j are %s: %s', (version, rules) => {
    expect(runtimeRules(version).map(short).join(' ')).toBe(rules)
  })

  test('are the same objects for the same version, so that they can be compared', () => {
    expect(runtimeRules('containerd://2.3.0')).toEqual(runtimeRules('containerd://2.4.2'))
    for (const rules of runtimeRules('containerd://2.3.0')) expect(runtimeRules('')).toContain(rules)
  })
})

describe('the names of rules', () => {
  test('are said once each', () => {
    expect(runtimeNames(runtimeRules('containerd://2.4.2'))).toEqual(['containerd from 2.3 on'])
    expect(runtimeNames(runtimeRules('containerd://2.2.7'))).toEqual([
      'containerd 2.1 and 2.2 in local mode',
      'containerd 2.1 and 2.2 by default',
    ])
  })

  test('are only containerd where all of its ways are meant', () => {
    expect(runtimeNames(runtimeRules('containerd://'))).toEqual(['containerd'])
    expect(runtimeNames(runtimeRules(''))).toEqual(['containerd', 'CRI-O'])
  })

  test('are none for no rules', () => {
    expect(runtimeNames([])).toEqual([])
  })
})
