import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { stringify } from 'smol-toml'
import type { Folder } from '../../cluster/real/folder.ts'
import { type Part, startPart } from '../../cluster/real/part.ts'
import { type ContainerdLine, containerdFolder, debianFolder } from './built.ts'

const run = promisify(execFile)

/** How containerd is set up. */
export interface ContainerdOptions {
  readonly line: ContainerdLine
  readonly folder: Folder
  readonly pauseImage: string
  /** One folder; a list in the manner of PATH is silently ignored by the default way of pulling of containerd 2. */
  readonly certsD: string
  /** The older way of pulling, where containerd has two. */
  readonly localPull: boolean
  /** Tells its network from that of other nodes: 0 to 255. */
  readonly number: number
}

/** A containerd that runs. */
export interface Containerd {
  readonly part: Part
  readonly socket: string
  readonly ctr: (...args: readonly string[]) => Promise<string>
  readonly logFile: string
  /** Ends the containers, which would outlive it, and then itself. */
  readonly close: () => Promise<void>
}

const runtimeOptions = () => ({
  runtimes: {
    runc: {
      runtime_type: 'io.containerd.runc.v2',
      options: { BinaryName: join(debianFolder(), 'runc'), SystemdCgroup: false },
    },
  },
})

// restrict_oom_score_adj: runc dies where it may not lower the score, which takes CAP_SYS_RESOURCE.
const everyLine = (at: (name: string) => string) => ({
  restrict_oom_score_adj: true,
  netns_mounts_under_state_dir: true,
  cdi_spec_dirs: [at('cdi')],
})

const pluginsOf = (options: ContainerdOptions, at: (name: string) => string): object => {
  const registry = { config_path: options.certsD }
  const containerd = runtimeOptions()
  if (options.line === '1.7')
    return {
      'io.containerd.grpc.v1.cri': {
        ...everyLine(at),
        sandbox_image: options.pauseImage,
        registry,
        cni: { bin_dir: debianFolder(), conf_dir: at('cni') },
        containerd,
      },
    }
  return {
    'io.containerd.cri.v1.images': {
      pinned_images: { sandbox: options.pauseImage },
      use_local_image_pull: options.localPull,
      registry,
    },
    'io.containerd.cri.v1.runtime': {
      ...everyLine(at),
      cni: { bin_dirs: [debianFolder()], conf_dir: at('cni') },
      containerd,
    },
  }
}

const disabled = ['io.containerd.nri.v1.nri', 'io.containerd.image-verifier.v1.bindir', 'io.containerd.internal.v1.opt']

const configOf = (options: ContainerdOptions, socket: string, at: (name: string) => string): string =>
  stringify({
    version: options.line === '1.7' ? 2 : 3,
    root: at('root'),
    state: at('state'),
    disabled_plugins: disabled,
    grpc: { address: socket },
    ttrpc: { address: `${socket}.ttrpc` },
    plugins: pluginsOf(options, at),
  })

// No gateway and no masquerading, which need iptables: pods reach nobody, and nobody needs to reach them.
const networkOf = (number: number, at: (name: string) => string): object => ({
  cniVersion: '1.0.0',
  name: `machine-${number}`,
  plugins: [
    {
      type: 'bridge',
      bridge: `machine${number}`,
      isGateway: false,
      ipMasq: false,
      ipam: { type: 'host-local', dataDir: at('addresses'), ranges: [[{ subnet: `10.88.${number}.0/24` }]] },
    },
  ],
})

const wordsOf = (text: string): readonly string[] => text.split('\n').filter(line => line !== '')

const endContainers = async (ctr: Containerd['ctr']): Promise<void> => {
  for (const id of wordsOf(await ctr('tasks', 'ls', '-q'))) await ctr('tasks', 'rm', '-f', id).catch(() => undefined)
  for (const id of wordsOf(await ctr('containers', 'ls', '-q')))
    await ctr('containers', 'rm', id).catch(() => undefined)
}

/** Starts containerd with its files in a folder. */
export const startContainerd = async (options: ContainerdOptions, signal: AbortSignal): Promise<Containerd> => {
  const { line, folder, number } = options
  const at = (name: string): string => join(folder.path, name)
  const programs = containerdFolder(line)
  const socket = at('containerd.sock')
  await mkdir(at('cni'))
  await mkdir(at('cdi'))
  await writeFile(at('cni/10-machine.conflist'), JSON.stringify(networkOf(number, at)))
  await writeFile(at('containerd.toml'), configOf(options, socket, at))
  const ctr: Containerd['ctr'] = async (...args) => {
    const { stdout } = await run(join(programs, 'ctr'), ['--address', socket, '--namespace', 'k8s.io', ...args])
    return stdout
  }
  const logFile = join(folder.logs, 'containerd.log')
  const part = await startPart(
    {
      name: 'containerd',
      path: join(programs, 'containerd'),
      args: ['--config', at('containerd.toml')],
      environment: { PATH: `${programs}:${process.env['PATH']}` },
      logFile,
      isReady: async () => (await ctr('version')) !== '',
    },
    signal,
  )
  const close = async (): Promise<void> => {
    await endContainers(ctr).catch(() => undefined)
    await part.end()
  }
  return { part, socket, ctr, logFile, close }
}
