import { Option } from 'commander'
import { readPlatforms } from './read.ts'

/** One more value of a flag that may be given again: one that took several would swallow the paths behind them. */
export const collect = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  text,
]

// Flags have no defaults where the file has a say: only so is it known whether somebody gave them.
/** Where the configuration is. */
export const configOption = (): Option =>
  new Option(
    '--config <file>',
    "configuration; without it pullgate.yaml in this folder or in the repository's root, if there is one; flags win over it",
  )

/** Which platforms the nodes have. */
export const platformOption = (): Option =>
  new Option(
    '--platform <list>',
    "platforms of the nodes, such as linux/amd64,linux/arm64, in the place of the file's; without either those of the cluster's nodes, if one is known",
  ).argParser(readPlatforms)

/** Where mirrors and authorities are named. */
export const certsDirOption = (): Option =>
  new Option(
    '--certs-dir <directory>',
    "a directory like containerd's certs.d, whose hosts.toml name mirrors and authorities, in the place of the file's; may be given again",
  ).argParser(collect)
