import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { arch, tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { contentOf, descriptorOf, type Image, jsonContent } from '../../src/demo/content.ts'
import { makeBase } from './base.ts'
import { argumentIn, filledIn, type Instruction, pairsIn, stagesIn } from './dockerfile.ts'
import { isIgnored } from './ignored.ts'
import { writeLayout } from './layout.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

interface Built {
  readonly files: string
  workdir: string
  /** Of the image's configuration. */
  readonly config: Record<string, unknown>
  readonly values: Map<string, string>
}

const pathIn = (built: Built, path: string): string => join(built.files, resolve(built.workdir, path))

const copy = async (built: Built, { flags, text }: Instruction, stages: ReadonlyMap<string, Built>, ignore: string) => {
  const words = text.split(/\s+/)
  const to = words.at(-1) ?? ''
  const stage = stages.get(flags['from'] ?? '')
  for (const from of words.slice(0, -1)) {
    if (stage === undefined && isIgnored(ignore, from)) throw new Error(`.dockerignore keeps ${from} from being copied`)
    const source = stage === undefined ? join(root, from) : join(stage.files, from)
    const target = to.endsWith('/') ? join(pathIn(built, to), basename(from)) : pathIn(built, to)
    await mkdir(dirname(target), { recursive: true })
    await cp(source, target, { recursive: true, verbatimSymlinks: true })
  }
}

const note = ({ config }: Built, key: string, value: unknown): void => {
  config[key] = value
}

/** Does one instruction. RUN runs on this machine, in the stage's working folder: ours name no path outside of it. */
const follow = async (built: Built, instruction: Instruction, stages: ReadonlyMap<string, Built>, ignore: string) => {
  const { name } = instruction
  const text = name === 'RUN' ? instruction.text : filledIn(instruction.text, built.values)
  switch (name) {
    case 'ARG': {
      const [key, by] = argumentIn(text)
      if (!built.values.has(key)) built.values.set(key, by)
      return
    }
    case 'COPY':
      return copy(built, { ...instruction, text }, stages, ignore)
    case 'RUN':
      return void (await run('sh', ['-c', text], {
        cwd: pathIn(built, '.'),
        env: { ...process.env, ...Object.fromEntries(built.values) },
        maxBuffer: 1 << 24,
      }))
    case 'WORKDIR':
      built.workdir = text
      note(built, 'WorkingDir', text)
      return void (await mkdir(pathIn(built, '.'), { recursive: true }))
    case 'ENV':
      return note(built, 'Env', ['PATH=/usr/bin:/bin', ...pairsIn(text).map(([key, value]) => `${key}=${value}`)])
    case 'LABEL':
      return note(built, 'Labels', Object.fromEntries(pairsIn(text)))
    case 'USER':
      return note(built, 'User', text)
    case 'ENTRYPOINT':
      return note(built, 'Entrypoint', JSON.parse(text))
    case 'CMD':
      return note(built, 'Cmd', JSON.parse(text))
  }
}

const layerOf = async (files: string): Promise<Uint8Array> => {
  const tar = join(dirname(files), 'layer.tar')
  // Equal files give equal bytes.
  const like = [
    '--sort=name',
    '--mtime=@0',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--format=posix',
    '--pax-option=delete=atime,delete=ctime',
  ]
  await run('tar', ['-C', files, ...like, '-cf', tar, '.'])
  return readFile(tar)
}

const imageOf = async ({ files, config }: Built): Promise<Image> => {
  const oci = 'application/vnd.oci.image'
  const tar = await layerOf(files)
  const layer = contentOf(`${oci}.layer.v1.tar`, tar)
  const platform = { os: 'linux', architecture: arch() === 'x64' ? 'amd64' : arch() }
  const configuration = jsonContent(`${oci}.config.v1+json`, {
    ...platform,
    config,
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  })
  const top = jsonContent(`${oci}.manifest.v1+json`, {
    schemaVersion: 2,
    mediaType: `${oci}.manifest.v1+json`,
    config: descriptorOf(configuration),
    layers: [descriptorOf(layer)],
  })
  return { top, manifests: [top], blobs: [configuration, layer] }
}

/** Builds the image that the Dockerfile tells of, without Docker and without its bases, and puts it into a folder as an OCI layout. */
export const buildImage = async (layout: string, given: ReadonlyMap<string, string>): Promise<void> => {
  const [dockerfile, ignore] = await Promise.all(
    ['Dockerfile', '.dockerignore'].map(name => readFile(join(root, name), 'utf8')),
  )
  const folder = await mkdtemp(join(tmpdir(), 'pullgate-image-'))
  const stages = new Map<string, Built>()
  try {
    for (const { name = 'last', instructions } of stagesIn(dockerfile ?? '', given)) {
      const built: Built = { files: join(folder, name), workdir: '/', config: {}, values: new Map(given) }
      stages.set(name, built)
      if (name === 'last') await makeBase(built.files)
      for (const each of instructions) await follow(built, each, stages, ignore ?? '')
    }
    const last = stages.get('last')
    if (last === undefined) throw new Error('the Dockerfile has no last stage')
    await writeLayout(layout, await imageOf(last))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
