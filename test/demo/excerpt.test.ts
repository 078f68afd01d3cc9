import { describe, expect, it } from 'vitest'
import { excerpt } from '../../src/demo/excerpt.ts'
import { cronJob, deployment } from '../../src/demo/manifest.ts'

const lines = (value: unknown, ...keys: readonly string[]): readonly string[] => excerpt(value, new Set(keys))

describe('an excerpt of a manifest', () => {
  it('shows the asked fields, without the levels between them', () => {
    expect(lines(deployment('web', 'ghcr.io/shop/web:1.4.0'), 'kind', 'image')).toEqual([
      'kind: Deployment',
      'image: ghcr.io/shop/web:1.4.0',
    ])
  })

  it('keeps what it shows in its order and nested as it is', () => {
    const manifest = cronJob('nightly', {
      initContainers: [{ name: 'wait', image: 'busybox' }],
      containers: [
        { name: 'a', image: 'a:1' },
        { name: 'b', image: 'b:1', args: ['x'] },
      ],
      volumes: [{ name: 'model', image: { reference: 'm:1' } }],
    })
    expect(lines(manifest, 'initContainers', 'containers', 'volumes', 'name', 'image', 'reference')).toEqual([
      'name: nightly',
      'initContainers:',
      '- name: wait',
      '  image: busybox',
      'containers:',
      '- name: a',
      '  image: a:1',
      '- name: b',
      '  image: b:1',
      'volumes:',
      '- name: model',
      '  image:',
      '    reference: m:1',
    ])
  })

  it.each([
    ['a reference is plain', '127.0.0.1:5000/shop/web:1.40', '127.0.0.1:5000/shop/web:1.40'],
    ['a digest is plain', 'web@sha256:0a', 'web@sha256:0a'],
    ['an address of the web is plain', 'http://127.0.0.1:5000/shop/web', 'http://127.0.0.1:5000/shop/web'],
    ['what looks like a number is quoted', '1.40', '"1.40"'],
    ['what looks like a time is quoted', '10:30', '"10:30"'],
    ['what looks like a truth value is quoted', 'no', '"no"'],
    ['the empty text is quoted', '', '""'],
    ['text that ends like a key is quoted', 'web:', '"web:"'],
    ['text with a comment in it is quoted', 'web #1', '"web #1"'],
    ['a number is a number', 2, '2'],
  ])('writes values as YAML reads them: %s', (_, value, text) => {
    expect(lines({ image: value }, 'image')).toEqual([`image: ${text}`])
  })
})
