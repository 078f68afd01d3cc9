import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { makeCertificate } from '../../src/webhook/certificate.ts'

const now = new Date('2026-11-21T12:00:00Z')
const hourMs = 60 * 60 * 1000

describe('a made certificate', () => {
  test('is signed by its authority, which signs nothing else than servers', async () => {
    const { cert, ca } = await makeCertificate(['pullgate.pullgate.svc'], now, hourMs)
    const [leaf, authority] = [new X509Certificate(cert), new X509Certificate(ca)]
    expect(leaf.verify(authority.publicKey)).toBe(true)
    expect(leaf.checkIssued(authority)).toBe(true)
    expect(authority.ca).toBe(true)
    expect(leaf.ca).toBe(false)
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
  })

  test('is for the names and addresses that were given, IPv6 included', async () => {
    const { cert } = await makeCertificate(['pullgate.pullgate.svc', '127.0.0.1', '::1'], now, hourMs)
    const leaf = new X509Certificate(cert)
    expect(leaf.checkHost('pullgate.pullgate.svc')).toBeDefined()
    expect(leaf.checkHost('other.pullgate.svc')).toBeUndefined()
    expect(leaf.checkIP('127.0.0.1')).toBeDefined()
    expect(leaf.checkIP('::1')).toBeDefined()
  })

  test('is good from an hour ago, for clocks that are behind, until its life is over', async () => {
    const { cert } = await makeCertificate(['a'], now, hourMs)
    const leaf = new X509Certificate(cert)
    expect(leaf.validFromDate).toEqual(new Date('2026-11-21T11:00:00Z'))
    expect(leaf.validToDate).toEqual(new Date('2026-11-21T13:00:00Z'))
  })

  test('is another one each time', async () => {
    const [a, b] = await Promise.all([makeCertificate(['a'], now, hourMs), makeCertificate(['a'], now, hourMs)])
    expect(new X509Certificate(a.cert).serialNumber).not.toBe(new X509Certificate(b.cert).serialNumber)
    expect(a.key).not.toBe(b.key)
  })
})
