import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { stagesIn } from './dockerfile.ts'
import { isIgnored } from './ignored.ts'

const root = join(import.meta.dirname, '../..')
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')
const stages = stagesIn(textOf('Dockerfile'), new Map())
const last = stages.at(-1)
const textsOf = (name: string): readonly string[] =>
  last?.instructions.filter(each => each.name === name).map(({ text }) => text) ?? []

it('has a last stage without a shell: it runs nothing, and its base is distroless', () => {
  expect(last?.base).toMatch(/^gcr\.io\/distroless\/nodejs24-/)
  expect(textsOf('RUN')).toEqual([])
  expect(textsOf('ENTRYPOINT')).toEqual(['["/nodejs/bin/node", "/app/dist/main.js"]'])
})

it('runs as nobody in particular, by number, so that Kubernetes can tell that it is not root', () => {
  expect(textsOf('USER')).toEqual(['65532:65532'])
})

it('takes its bases as they are given, with their digests', () => {
  const given = new Map([
    ['BUILD_BASE', 'node:24@sha256:1'],
    ['RUN_BASE', 'distroless@sha256:2'],
  ])
  expect(stagesIn(textOf('Dockerfile'), given).map(({ base }) => base)).toEqual([
    'node:24@sha256:1',
    'distroless@sha256:2',
  ])
})

it('is of the same Node as the tests', () => {
  const { devDependencies } = JSON.parse(textOf('package.json'))
  const major = devDependencies.node.split('.')[0]
  expect(stages.map(({ base }) => /node(?:js|:)(\d+)/.exec(base)?.[1])).toEqual([major, major])
})

it('is given what it copies, and nothing else', () => {
  const ignore = textOf('.dockerignore')
  const copied = stages
    .flatMap(({ instructions }) => instructions)
    .filter(({ name, flags }) => name === 'COPY' && flags['from'] === undefined)
    .flatMap(({ text }) => text.split(' ').slice(0, -1))
  expect(copied.filter(path => isIgnored(ignore, path))).toEqual([])
  const top = globSync(['*', '.*', 'docs/*'], { cwd: root }).filter(path => path !== 'docs')
  expect(top.filter(path => !isIgnored(ignore, path)).toSorted()).toEqual([...new Set(copied)].toSorted())
})

it('refuses to follow a Dockerfile that says more than it knows', () => {
  expect(() => stagesIn('FROM a\nADD https://example.com/x /', new Map())).toThrow('ADD')
})
