import { describe, test } from 'vitest'
import { algorithmOf, parseDigest } from '../../../src/image/digest.ts'
import { formatPlatform, normalizePlatform, parsePlatform } from '../../../src/image/platform.ts'
import { formatReference, type ImageReference, parseReference } from '../../../src/image/reference.ts'
import { digestText } from '../../support/arbitraries/digest.ts'
import { platformText } from '../../support/arbitraries/platform.ts'
import { referenceText } from '../../support/arbitraries/reference.ts'
import { fuzz, must, mustReadSoon } from './fuzz.ts'

/** What is asked for: a tag beside a digest is not. */
const asked = ({ registry, repository, target }: ImageReference) =>
  JSON.stringify([registry, repository, target.kind === 'tag' ? target.tag : target.digest])

const mustFitInUrl = ({ registry, repository, target }: ImageReference): void => {
  must(/^[\w.:[\]-]+$/.test(registry) && !registry.includes('..'), registry)
  must(/^[a-z0-9]+(?:(?:[._]|__|-+|\/)[a-z0-9]+)*$/.test(repository) && repository.length <= 255, repository)
  must(target.kind === 'tag' ? /^\w[\w.-]{0,127}$/.test(target.tag) : parseDigest(target.digest).ok, target)
}

describe('whatever is written for an image', () => {
  test('has a name that changes no URL and is read back as it was, or a complaint with a place that is in the text', () => {
    fuzz(referenceText, text => {
      const reference = parseReference(text)
      if (!reference.ok) {
        const { at, hint, message } = reference.error
        must(Number.isInteger(at) && at >= 0 && at <= text.length, [text, at])
        must(/^[ -~]{5,120}$/.test(hint) && message !== '', hint)
        return 'refused'
      }
      mustFitInUrl(reference.value)
      const again = parseReference(formatReference(reference.value))
      must(again.ok && asked(again.value) === asked(reference.value), text)
      return 'accepted'
    })
  })

  test('has a digest of a known algorithm and of its length, in small letters, or none', () => {
    fuzz(digestText, text => {
      const digest = parseDigest(text)
      if (!digest.ok) return 'refused'
      const [algorithm = '', encoded = '', ...rest] = digest.value.split(':')
      must(digest.value === text && rest.length === 0 && algorithmOf(digest.value) === algorithm, text)
      must(/^[0-9a-f]+$/.test(encoded) && encoded.length * 4 === Number(algorithm.slice(3)), text)
      return 'accepted'
    })
  })

  test('has a platform in its one form, or a complaint that shows no control character', () => {
    fuzz(platformText, text => {
      const platform = parsePlatform(text)
      if (!platform.ok) {
        must(!/[\0-\x1f]/.test(platform.error), platform.error)
        return 'refused'
      }
      const { os, architecture, variant } = platform.value
      must(
        [os, architecture, variant].every(part => /^[\w.-]*$/.test(part)),
        platform.value,
      )
      const normal = normalizePlatform(platform.value)
      must(JSON.stringify(normalizePlatform({ ...normal })) === JSON.stringify(normal), text)
      // As the original writes them, these are not read back: dots alone are steps in a path, and little is escaped.
      const isOdd = [os, architecture, variant].some(part => /^\.+$/.test(part)) || /%(?!2[5B]|2[89F])/i.test(text)
      if (isOdd) return 'accepted'
      const again = parsePlatform(formatPlatform(normal))
      must(again.ok && formatPlatform(normalizePlatform(again.value)) === formatPlatform(normal), [
        text,
        formatPlatform(normal),
      ])
      return 'accepted'
    })
  })

  test('length costs no more than reading it', () => {
    const framed = (...starts: string[]) => starts.map(start => (text: string) => start + text)
    const pieces = ['a', '/', ':', '@', 'a/', '.', '-', '__', 'A', '[', 'a-', '\u0130', ' ', '${', 'sha256:']
    mustReadSoon(parseReference, pieces, framed('', 'registry.example/', 'a@sha256:'))
    mustReadSoon(parseDigest, ['a', ':', '+', 'a+', 'A', '\u00e9'], framed('', 'sha256:'))
    mustReadSoon(parsePlatform, ['a', '/', '%', '%41', '+', '(', ')', '.', 'a+'], framed('', 'linux(', 'linux/'))
  })
})
