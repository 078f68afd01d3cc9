import { describe, expect, test } from 'vitest'
import { formatPlatform } from '../../../src/image/platform.ts'
import { createLayerInReading, type LayerFiles } from '../../../src/registry/program/layer-files.ts'
import { resolveProgram } from '../../../src/registry/program/resolve-program.ts'
import { readTar } from '../../../src/registry/program/tar.ts'
import { allOf, archiveOf, directory, type Entry, hardLink, link, mark, program, script, streamOf } from './archive.ts'
import { amd64, arm64 } from './headers.ts'

const layerOf = async (entries: readonly Entry[]): Promise<LayerFiles> => {
  const { files, add } = createLayerInReading()
  for (const entry of await allOf(readTar(streamOf(archiveOf(...entries))))) add(entry)
  return files
}

/** The layers stand bottom first, as in a manifest. */
const resolved = async (
  argv0: string,
  layers: readonly (readonly Entry[])[],
  path = '/usr/bin:/bin',
): Promise<string> => {
  const read = await Promise.all(layers.map(layerOf))
  const outcome = resolveProgram({ argv: [argv0, '-x'], path, workingDirectory: '/srv' }, read.toReversed())
  if (outcome.kind === 'missing') return `missing: ${[...outcome.names].join(' ')}`
  return outcome.kind === 'program' ? formatPlatform(outcome.platform).replace('linux/', '') : outcome.kind
}

describe('the program', () => {
  test.each<readonly [string, string, readonly (readonly Entry[])[], string]>([
    ['by its path', '/app', [[program('app', amd64)]], 'amd64'],
    ['by a path with dots', '/a/./b/../app', [[program('./a/app', amd64)]], 'amd64'],
    ['by a path below the working directory', './app', [[program('srv/app', amd64)]], 'amd64'],
    ['by its name along PATH', 'app', [[program('bin/app', amd64)]], 'amd64'],
    [
      'in the first directory of PATH that has it',
      'app',
      [[program('bin/app', amd64), program('usr/bin/app', arm64)]],
      'arm64',
    ],
    [
      'along PATH past a file that is not executable',
      'app',
      [[mark('usr/bin/app'), program('bin/app', amd64)]],
      'amd64',
    ],
    ['along PATH past a directory', 'app', [[directory('usr/bin/app'), program('bin/app', amd64)]], 'amd64'],
    ['in the highest layer', '/app', [[program('app', amd64)], [program('app', arm64)]], 'arm64'],
    ['behind a link', '/app', [[program('opt/v1', amd64), link('app', 'opt/v1')]], 'amd64'],
    [
      'behind a link from the root',
      '/bin/sh',
      [[program('bin/busybox', amd64), link('bin/sh', '/bin/busybox')]],
      'amd64',
    ],
    [
      'behind a link to a directory',
      '/bin/sh',
      [[link('bin', 'usr/bin'), program('usr/bin/dash', amd64), link('usr/bin/sh', 'dash')]],
      'amd64',
    ],
    ['behind a link that goes up', '/a/b/app', [[link('a/b/app', '../../c/app'), program('c/app', amd64)]], 'amd64'],
    ['behind a link that goes up beyond the root', '/app', [[link('app', '../../../c'), program('c', amd64)]], 'amd64'],
    [
      'behind a linked directory, from which up is where it leads',
      '/d/../app',
      [[link('d', 'x/y'), program('x/app', amd64), program('app', arm64)]],
      'amd64',
    ],
    ['behind a link into a lower layer', '/app', [[program('lib/app', amd64)], [link('app', 'lib/app')]], 'amd64'],
    ['behind a hard link', '/app', [[program('first', amd64), hardLink('app', 'first')]], 'amd64'],
    [
      'behind a hard link into a lower layer',
      '/app',
      [[program('first', amd64)], [hardLink('app', './first')]],
      'amd64',
    ],
    ['of a script', '/run', [[script('run', '/bin/sh -e'), program('bin/sh', amd64)]], 'amd64'],
    ['of a script through env', '/run', [[script('run', '/usr/bin/env node'), program('usr/bin/env', amd64)]], 'amd64'],
    ["of a script's script", '/run', [[script('run', '/a'), script('a', '/b'), program('b', amd64)]], 'amd64'],
    [
      'of a script whose interpreter stands in the working directory',
      '/run',
      [[script('run', 'sh'), program('srv/sh', amd64)]],
      'amd64',
    ],
    ['that nobody can read', '/app', [[program('app', Buffer.from('?'))]], 'unread'],
    ['of scripts that go round', '/run', [[script('run', '/run')]], 'unread'],
    ['that is not there', '/opt/app', [[program('opt/other', amd64)]], 'missing: app'],
    ['that is not there, with a name', 'app', [[program('app', amd64)]], 'missing: app'],
    ['behind a link into nothing', '/bin/sh', [[link('bin/sh', 'busybox')]], 'missing: busybox'],
    ['of a script whose interpreter is not there', '/run', [[script('run', '/bin/bash')]], 'missing: bash'],
    ['below a file', '/app/x', [[program('app', amd64)]], 'missing: app'],
    ['that is a directory', '/app', [[directory('app')]], 'missing: app'],
    ['that is the root', '/', [[program('app', amd64)]], 'missing: '],
    ['without a name', '', [[program('app', amd64)]], 'missing: '],
  ])('is found %s', async (_, argv0, layers, expected) => {
    expect(await resolved(argv0, layers)).toBe(expected)
  })

  test.each<readonly [string, readonly (readonly Entry[])[], string]>([
    ['a mark removes it', [[program('d/app', amd64)], [mark('d/.wh.app')]], 'missing: app'],
    ['a mark removes its directory', [[program('d/app', amd64)], [mark('.wh.d')]], 'missing: app'],
    ['a mark empties its directory', [[program('d/app', amd64)], [mark('d/.wh..wh..opq')]], 'missing: app'],
    ['a mark empties the directory above', [[program('d/app', amd64)], [mark('.wh..wh..opq')]], 'missing: app'],
    [
      'the layer of the mark has its own',
      [[program('d/app', amd64)], [mark('d/.wh.app'), program('d/app', arm64)]],
      'arm64',
    ],
    [
      'the layer that empties has its own',
      [[program('d/app', amd64)], [program('d/app', arm64), mark('d/.wh..wh..opq')]],
      'arm64',
    ],
    [
      'a layer above the mark has another',
      [[program('d/app', amd64)], [mark('.wh.d')], [program('d/app', arm64)]],
      'arm64',
    ],
    ['a mark below removes nothing', [[mark('d/.wh.app')], [program('d/app', amd64)]], 'amd64'],
    [
      'a mark of AUFS itself removes nothing',
      [[program('d/app', amd64)], [mark('d/.wh..wh.app'), mark('.wh..wh.plnk')]],
      'amd64',
    ],
    [
      'a link takes the place of its directory',
      [[program('d/app', amd64)], [link('d', 'e'), program('e/app', arm64)]],
      'arm64',
    ],
    ['a file takes the place of its directory', [[program('d/app', amd64)], [program('d', arm64)]], 'missing: d'],
    [
      'a directory takes the place of a link',
      [[program('e/app', amd64), link('d', 'e')], [directory('d')]],
      'missing: app',
    ],
    [
      'directories of two layers are one',
      [[program('d/app', amd64)], [directory('d'), program('d/more', arm64)]],
      'amd64',
    ],
  ])('is what is left of it when %s', async (_, layers, expected) => {
    expect(await resolved('/d/app', layers)).toBe(expected)
  })

  test.each<readonly [string, readonly Entry[]]>([
    ['two links that name each other', [link('d/app', 'b'), link('d/b', 'app')]],
    ['a link to itself', [link('d', 'd')]],
    ['a link that grows', [link('d', 'd/d/d/d/d/d/d/d')]],
    ['a link to the root', [link('d/app', '/')]],
    ['a link of a hundred thousand parts', [{ ...link('d', 'x'), type: '2' }, link('x', '../'.repeat(30))]],
    ['a hard link to itself', [hardLink('d/app', 'd/app')]],
  ])('is not looked for for ever behind %s', async (_, entries) => {
    expect(await resolved('/d/app', [entries], `${'/d:'.repeat(10_000)}`)).toMatch(/^missing/)
    expect(await resolved('app', [entries], `${'/d:'.repeat(10_000)}`)).toMatch(/^missing/)
  })

  test('is found behind forty links, and not behind one more', async () => {
    const chain = (count: number): readonly Entry[] => [
      program('l0', amd64),
      ...Array.from({ length: count }, (_, at) => link(`l${at + 1}`, `l${at}`)),
    ]
    expect(await resolved('/l40', [chain(40)])).toBe('amd64')
    expect(await resolved('/l41', [chain(41)])).toMatch(/^missing/)
  })
})
