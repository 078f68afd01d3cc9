import type { Platform } from '../../src/image/platform.ts'

/** A platform exactly as written, in no normal form: `os(version+feature)/architecture/variant`. */
export const written = (text: string): Platform => {
  const [, os = '', osVersion = '', features = '', architecture = '', variant = ''] =
    /^([^(/]*)(?:\(([^+)]*)\+?([^)]*)\))?\/?([^/]*)\/?(.*)$/.exec(text) ?? []
  return { os, architecture, variant, osVersion, osFeatures: features === '' ? [] : features.split('+') }
}

/** How an image suits a node: it is for the node's very platform, for a lesser one that the node runs too, or for none. */
export type Suits = 'own' | 'fall-back' | 'none'

/** A node, and images of which each shows something. */
export interface NodeRows {
  readonly node: string
  readonly images: readonly (readonly [image: string, suits: Suits, why: string])[]
}

/** What containerd says that nodes run. */
export const nodeRows: readonly NodeRows[] = [
  {
    node: 'linux/amd64',
    images: [
      ['linux/amd64', 'own', 'the same'],
      ['linux/amd64/v1', 'own', 'v1 is what every amd64 has'],
      ['linux/x86_64', 'own', 'another name'],
      ['linux/x86-64', 'own', 'another name'],
      ['linux/X86_64', 'own', 'in capitals'],
      ['linux/AMD64', 'own', 'in capitals'],
      ['Linux/amd64', 'own', 'the system in capitals'],
      ['linux/AMD64/V1', 'own', 'all in capitals'],
      ['linux/386', 'fall-back', '32-bit programs run'],
      ['linux/i386', 'fall-back', '32-bit by its other name'],
      ['linux/386/v1', 'none', '386 has no variants'],
      ['linux/i386/v1', 'fall-back', 'the other name loses its variant'],
      ['linux/x86', 'none', 'a name that nobody knows'],
      ['linux/i686', 'none', 'a name that nobody knows'],
      ['linux/amd64/v2', 'none', 'no node is probed for what v2 adds'],
      ['linux/amd64/v3', 'none', 'nor v3'],
      ['linux/amd64/v4', 'none', 'nor v4'],
      ['linux/amd64/1', 'none', 'a variant has its v'],
      ['linux/amd64/v0', 'none', 'no such variant'],
      ['linux/amd64/v8', 'none', 'a variant of another architecture'],
      ['linux/amd64p32', 'none', 'another architecture'],
      ['linux/arm64', 'none', 'another architecture'],
      ['linux/arm64/v8', 'none', 'another architecture'],
      ['linux/arm/v7', 'none', 'another architecture'],
      ['linux/ppc64le', 'none', 'another architecture'],
      ['linux/s390x', 'none', 'another architecture'],
      ['linux/riscv64', 'none', 'another architecture'],
      ['linux/loong64', 'none', 'another architecture'],
      ['linux/wasm', 'none', 'another architecture'],
      ['wasi/wasm', 'none', 'another system and architecture'],
      ['windows/amd64', 'none', 'another system'],
      ['windows(10.0.20348.1)/amd64', 'none', 'another system with a version'],
      ['darwin/amd64', 'none', 'another system'],
      ['macos/amd64', 'none', 'another system by another name'],
      ['freebsd/amd64', 'none', 'another system'],
      ['android/amd64', 'none', 'a system of its own'],
      ['unknown/unknown', 'none', 'an attestation'],
      ['unknown/amd64', 'none', 'a system that is not known'],
      ['linux/unknown', 'none', 'an architecture that is not known'],
      ['/amd64', 'own', 'no system: that of the node'],
      ['linux/', 'none', 'no architecture is none'],
      ['/', 'none', 'neither'],
      ['linux(5.10)/amd64', 'own', 'versions count on Windows only'],
    ],
  },
  {
    node: 'linux/amd64/v3',
    images: [
      ['linux/amd64/v3', 'own', 'the same'],
      ['linux/amd64/v2', 'fall-back', 'the variant before'],
      ['linux/amd64/v1', 'fall-back', 'the first variant'],
      ['linux/amd64', 'fall-back', 'the first variant goes without saying'],
      ['linux/386', 'fall-back', '32-bit programs run'],
      ['linux/amd64/v4', 'none', 'the variant after'],
      ['linux/arm64', 'none', 'another architecture'],
    ],
  },
  {
    node: 'linux/amd64/v2',
    images: [
      ['linux/amd64/v2', 'own', 'the same'],
      ['linux/amd64', 'fall-back', 'the variant before'],
      ['linux/amd64/v3', 'none', 'the variant after'],
    ],
  },
  {
    node: 'linux/x86_64',
    images: [
      ['linux/amd64', 'own', 'a node by another name'],
      ['linux/386', 'fall-back', '32-bit programs run there too'],
      ['linux/aarch64', 'none', 'another architecture by another name'],
    ],
  },
  {
    node: 'linux/386',
    images: [
      ['linux/386', 'own', 'the same'],
      ['linux/i386', 'own', 'another name'],
      ['linux/amd64', 'none', 'a 32-bit processor runs no 64-bit programs'],
      ['linux/386/v1', 'none', '386 has no variants'],
      ['linux/i386/v1', 'own', 'the other name loses its variant'],
    ],
  },
  {
    node: 'linux/arm64',
    images: [
      ['linux/arm64', 'own', 'the same'],
      ['linux/arm64/v8', 'own', 'v8 is what every arm64 has'],
      ['linux/arm64/8', 'own', 'without its v'],
      ['linux/arm64/v8.0', 'own', 'with its minor version'],
      ['linux/arm64/V8', 'own', 'in capitals'],
      ['linux/aarch64', 'own', 'another name'],
      ['linux/AArch64/v8', 'own', 'another name in capitals'],
      ['linux/arm/v8', 'fall-back', '32-bit programs of v8 run'],
      ['linux/arm/8', 'fall-back', 'without its v'],
      ['linux/arm/v7', 'fall-back', '32-bit programs of v7 run'],
      ['linux/arm/7', 'fall-back', 'without its v'],
      ['linux/arm', 'fall-back', 'v7 goes without saying'],
      ['linux/armhf', 'fall-back', 'v7 by its other name'],
      ['linux/armhf/v6', 'fall-back', 'the other name counts, not the variant'],
      ['linux/arm/v6', 'fall-back', '32-bit programs of v6 run'],
      ['linux/armel', 'fall-back', 'v6 by its other name'],
      ['linux/arm/v5', 'fall-back', '32-bit programs of v5 run'],
      ['linux/arm/5', 'fall-back', 'without its v'],
      ['linux/arm/v4', 'none', 'too old'],
      ['linux/arm/v9', 'none', 'no such 32-bit variant'],
      ['linux/arm64/v8.1', 'none', 'no node is probed for what v8.1 adds'],
      ['linux/arm64/v8.2', 'none', 'nor v8.2'],
      ['linux/arm64/v9', 'none', 'nor v9'],
      ['linux/arm64/9', 'none', 'nor v9 without its v'],
      ['linux/arm64/v9.2', 'none', 'nor v9.2'],
      ['linux/arm64/8.0', 'none', 'a minor version without the v is no version'],
      ['linux/arm64/v7', 'none', 'no such 64-bit variant'],
      ['linux/arm64be', 'none', 'another order of bytes'],
      ['linux/armbe', 'none', 'another order of bytes'],
      ['linux/armv7', 'none', 'a name that nobody knows'],
      ['linux/armv7l', 'none', 'a name that nobody knows'],
      ['linux/amd64', 'none', 'another architecture'],
      ['linux/386', 'none', 'another architecture'],
      ['darwin/arm64', 'none', 'another system'],
      ['windows/arm64', 'none', 'another system'],
    ],
  },
  {
    node: 'linux/arm64/v8',
    images: [
      ['linux/arm64', 'own', 'a node that says v8'],
      ['linux/arm/v7', 'fall-back', '32-bit programs run'],
      ['linux/arm64/v8.1', 'none', 'a minor version after'],
    ],
  },
  {
    node: 'linux/arm64/v8.2',
    images: [
      ['linux/arm64/v8.2', 'own', 'the same'],
      ['linux/arm64/v8.1', 'fall-back', 'the minor version before'],
      ['linux/arm64', 'fall-back', 'the first minor version'],
      ['linux/arm/v7', 'fall-back', '32-bit programs run'],
      ['linux/arm64/v8.3', 'none', 'the minor version after'],
      ['linux/arm64/v9', 'none', 'the major version after'],
    ],
  },
  {
    node: 'linux/arm64/v9',
    images: [
      ['linux/arm64/v9', 'own', 'the same'],
      ['linux/arm64/v9.0', 'own', 'with its minor version'],
      ['linux/arm64/v8.5', 'fall-back', 'v9 has what v8.5 has'],
      ['linux/arm64/v8', 'fall-back', 'and what v8 has'],
      ['linux/arm64/v8.6', 'none', 'not what v8.6 has'],
      ['linux/arm64/v9.1', 'none', 'the minor version after'],
      ['linux/arm/v8', 'fall-back', '32-bit programs of v8 run'],
      ['linux/arm/v7', 'fall-back', '32-bit programs run'],
    ],
  },
  {
    node: 'linux/arm64/v9.3',
    images: [
      ['linux/arm64/v9.3', 'own', 'the same'],
      ['linux/arm64/v9.1', 'fall-back', 'a minor version before'],
      ['linux/arm64/v8.8', 'fall-back', 'v9.3 has what v8.8 has'],
      ['linux/arm64/v8.9', 'none', 'not what v8.9 has'],
      ['linux/arm64/v9.4', 'none', 'the minor version after'],
      ['linux/arm64', 'fall-back', 'the first of all'],
    ],
  },
  {
    node: 'linux/arm64/v9.7',
    images: [
      ['linux/arm64/v9.7', 'own', 'the last known'],
      ['linux/arm64/v8.9', 'fall-back', 'v8.9 is the last of v8'],
    ],
  },
  {
    node: 'linux/arm64/v9.8',
    images: [
      ['linux/arm64', 'none', 'not even the first of all'],
      ['linux/arm/v7', 'none', 'nor 32-bit programs'],
    ],
  },
  {
    node: 'linux/arm/v7',
    images: [
      ['linux/arm/v7', 'own', 'the same'],
      ['linux/arm', 'own', 'v7 goes without saying'],
      ['linux/arm/7', 'own', 'without its v'],
      ['linux/armhf', 'own', 'another name'],
      ['linux/arm/v6', 'fall-back', 'the version before'],
      ['linux/arm/v5', 'fall-back', 'and before that'],
      ['linux/armel', 'fall-back', 'v6 by its other name'],
      ['linux/arm/v8', 'none', 'the version after'],
      ['linux/arm/v4', 'none', 'too old'],
      ['linux/arm64', 'none', 'a 32-bit processor runs no 64-bit programs'],
      ['linux/386', 'none', 'another architecture'],
    ],
  },
  {
    node: 'linux/arm',
    images: [
      ['linux/arm/v7', 'own', 'a node that does not tell is v7'],
      ['linux/arm/v6', 'fall-back', 'and runs what is older'],
      ['linux/arm/v8', 'none', 'but not what is newer'],
    ],
  },
  {
    node: 'linux/arm/v6',
    images: [
      ['linux/arm/v6', 'own', 'the same'],
      ['linux/armel', 'own', 'another name'],
      ['linux/arm/v5', 'fall-back', 'the version before'],
      ['linux/arm/v7', 'none', 'the version after'],
      ['linux/arm', 'none', 'v7 goes without saying'],
    ],
  },
  {
    node: 'linux/arm/v5',
    images: [
      ['linux/arm/v5', 'own', 'the same'],
      ['linux/arm/v6', 'none', 'the version after'],
    ],
  },
  {
    node: 'linux/arm/v8',
    images: [
      ['linux/arm/v8', 'own', 'the same'],
      ['linux/arm/v7', 'fall-back', 'the version before'],
      ['linux/arm/v5', 'fall-back', 'the oldest'],
      ['linux/arm64', 'none', 'a 32-bit node runs no 64-bit programs'],
    ],
  },
  {
    node: 'linux/ppc64le',
    images: [
      ['linux/ppc64le', 'own', 'the same'],
      ['linux/PPC64LE', 'own', 'in capitals'],
      ['linux/ppc64', 'none', 'another order of bytes'],
      ['linux/ppc64le/power9', 'none', 'a variant that the node does not name'],
      ['linux/amd64', 'none', 'another architecture'],
    ],
  },
  {
    node: 'linux/s390x',
    images: [
      ['linux/s390x', 'own', 'the same'],
      ['linux/s390', 'none', '32-bit programs do not run here'],
    ],
  },
  {
    node: 'linux/riscv64',
    images: [
      ['linux/riscv64', 'own', 'the same'],
      ['linux/riscv64/rva22', 'none', 'a variant that the node does not name'],
      ['linux/riscv', 'none', 'another architecture'],
    ],
  },
  {
    node: 'linux/riscv64/rva22',
    images: [
      ['linux/riscv64/rva22', 'own', 'the same variant'],
      ['linux/riscv64', 'none', 'other architectures know no order of variants'],
    ],
  },
  {
    node: 'linux/mips64le',
    images: [
      ['linux/mips64le', 'own', 'the same'],
      ['linux/mipsle', 'none', '32-bit programs do not run here'],
    ],
  },
  {
    node: 'windows(10.0.17763)/amd64',
    images: [
      ['windows(10.0.17763)/amd64', 'own', 'the same build'],
      ['windows(10.0.17763.5122)/amd64', 'own', 'a revision does not count'],
      ['windows/amd64', 'own', 'an image without a version fits every node'],
      ['windows(10.0.14393)/amd64', 'none', 'before Windows Server 2022 the build is the same or nothing'],
      ['windows(10.0.18363)/amd64', 'none', 'nor a newer one'],
      ['windows(10.0.20348)/amd64', 'none', 'nor the next long-term release'],
      ['windows(10.0.17763+win32k)/amd64', 'own', 'the one feature that Windows images may name'],
      ['windows(10.0)/amd64', 'none', 'a version without a build is none that fits'],
      ['windows(ltsc2019)/amd64', 'none', 'nor is a name'],
      ['windows(6.3.17763)/amd64', 'none', 'another major version'],
      ['windows(10.1.17763)/amd64', 'none', 'another minor version'],
      ['linux/amd64', 'none', 'a Windows node runs no Linux images'],
      ['windows(10.0.17763)/arm64', 'none', 'another architecture'],
      ['Windows(10.0.17763)/AMD64', 'own', 'in capitals'],
    ],
  },
  {
    node: 'windows(10.0.20348)/amd64',
    images: [
      ['windows(10.0.20348)/amd64', 'own', 'the same build'],
      ['windows(10.0.20348.2031)/amd64', 'own', 'a revision does not count'],
      ['windows(10.0.17763)/amd64', 'none', 'what is before Windows Server 2022 does not fit'],
      ['windows(10.0.20347)/amd64', 'none', 'one build before'],
      ['windows(10.0.20349)/amd64', 'none', 'one build after'],
      ['windows(10.0.26100)/amd64', 'none', 'the next long-term release'],
      ['windows/amd64', 'own', 'no version'],
      ['windows(10.0.99999)/amd64', 'none', 'a build beyond 65535 is no version'],
      ['windows(256.0.20348)/amd64', 'none', 'a major version beyond 255 is none'],
      ['windows(10.0.020348)/amd64', 'own', 'noughts before a number'],
    ],
  },
  {
    node: 'windows(10.0.25398)/amd64',
    images: [
      ['windows(10.0.25398)/amd64', 'own', 'an annual release runs its own'],
      ['windows(10.0.20348)/amd64', 'own', 'and the long-term release before it'],
      ['windows(10.0.22621)/amd64', 'own', 'and what is between'],
      ['windows(10.0.26100)/amd64', 'none', 'not what is after'],
      ['windows(10.0.17763)/amd64', 'none', 'nor what is before that release'],
    ],
  },
  {
    node: 'windows(10.0.26100)/amd64',
    images: [
      ['windows(10.0.26100)/amd64', 'own', 'Windows Server 2025 runs its own'],
      ['windows(10.0.20348)/amd64', 'own', 'and the long-term release before it'],
      ['windows(10.0.25398)/amd64', 'own', 'and what is between'],
      ['windows(10.0.26101)/amd64', 'none', 'not what is after'],
    ],
  },
  {
    node: 'windows(10.0.26200)/amd64',
    images: [
      ['windows(10.0.26100)/amd64', 'own', 'after Windows Server 2025 that is the oldest'],
      ['windows(10.0.25398)/amd64', 'none', 'what is before it does not fit'],
      ['windows(10.0.20348)/amd64', 'none', 'nor the long-term release before that'],
    ],
  },
  {
    node: 'windows/amd64',
    images: [
      ['windows(10.0.17763)/amd64', 'own', 'a node that tells no version runs any'],
      ['windows(nonsense)/amd64', 'own', 'even what is no version'],
      ['linux/amd64', 'none', 'but not Linux images'],
    ],
  },
  {
    node: 'windows(nonsense)/amd64',
    images: [['windows(10.0.20348)/amd64', 'own', 'a version that cannot be read is not told']],
  },
  {
    node: 'windows(10.0.20348)/arm64',
    images: [
      ['windows(10.0.20348)/arm64', 'own', 'the same'],
      ['windows(10.0.20348)/amd64', 'none', 'another architecture'],
    ],
  },
  {
    node: 'freebsd/amd64',
    images: [
      ['freebsd/amd64', 'own', 'the same'],
      ['linux/amd64', 'none', 'another system'],
    ],
  },
]
