import { describe, test } from 'vitest'
import { parseDuration } from '../../../src/registry/hosts/go-duration.ts'
import { readGoUrl } from '../../../src/registry/hosts/go-url.ts'
import { durationText, goUrlText } from '../../support/arbitraries/go-text.ts'
import { fuzz, must, mustReadSoon } from './fuzz.ts'

const mostMs = 2 ** 63 / 1e6

/** The duration in the smallest unit that loses nothing, as Go would have it again. */
const written = (ms: number): string => `${ms < 0 ? '-' : ''}${Math.abs(ms)}ms`

describe('whatever is written for a duration', () => {
  test('is within what Go counts, and is read back as it was', () => {
    fuzz(durationText, text => {
      const ms = parseDuration(text)
      if (ms === undefined) return 'refused'
      must(Number.isFinite(ms) && Math.abs(ms) <= mostMs, [text, ms])
      must(ms === 0 || ms < 0 === text.startsWith('-'), [text, ms])
      if (!/^[-+]/.test(text)) must(parseDuration(`-${text}`) === -ms && parseDuration(`+${text}`) === ms, text)
      if (Math.abs(ms) > 1e-6 && Math.abs(ms) < 1e15) must(closeTo(parseDuration(written(ms)), ms), [text, ms])
      return 'accepted'
    })
  })

  test('length costs no more than reading it', () => {
    const pieces = ['1', '1h', '.', '1.', 'h', '-', '1.5', '.1s', '0', '\u00b5']
    mustReadSoon(parseDuration, pieces, [text => text, text => `-${text}`, text => `1${text}`, text => `${text}x`])
  })
})

const closeTo = (one: number | undefined, other: number): boolean =>
  one !== undefined && Math.abs(one - other) <= Math.abs(other) * 1e-9

describe('whatever is written for a URL', () => {
  test('has a scheme in small letters and a host in which nothing is left that ends it, or a reason in plain words', () => {
    fuzz(goUrlText, text => {
      const url = readGoUrl(text)
      if (!url.ok) {
        must(/^[a-z][ -~]{5,60}$/i.test(url.error) && !url.error.includes('\\'), url.error)
        return 'refused'
      }
      const { scheme, host, path } = url.value
      must(/^(?:[a-z][a-z\d+.-]*)?$/.test(scheme) && text.toLowerCase().startsWith(scheme), [text, scheme])
      must(!/[/?#@\0-\x1f\x7f\\]/.test(host.replace(/%.*\]/, ']')), [text, host])
      must(host === '' || scheme !== '', [text, host])
      if (/^[a-z0-9.:[\]-]*$/.test(host) && /^[a-z0-9/.-]*$/.test(path) && host !== '') {
        const again = readGoUrl(`${scheme}://${host}${path}`)
        must(again.ok && again.value.host === host && again.value.path === path, [text, again])
      }
      return 'accepted'
    })
  })

  test('length costs no more than reading it', () => {
    const pieces = ['%', '%41', ':', '[', '@', '/', '#', 'a', '%25', 'a@']
    const starts = ['', 'https://', 'https://[', 'https://a/']
    mustReadSoon(
      readGoUrl,
      pieces,
      starts.map(start => text => start + text),
    )
    mustReadSoon(readGoUrl, pieces, [text => `h${text}:`, text => `https://${text}@a`])
  })
})
