import { platformFields } from '../images.ts'
import { index, offering, part } from '../indexes.ts'
import { broken, doubted, doubts, noPlatform, type Row, runs } from '../row.ts'

const localOnly = doubted(['runtime-differs'], 'ErrImagePull', doubts.settings)

const contrary = doubted(['registry-error'], 'ErrImagePull', doubts.contradiction)

const offered = (names: string, expect: Row['expect'], old: Row['old'] = 'same'): Row => ({
  name: `offered for ${names}`,
  push: offering(names.split(' + ')),
  expect,
  old,
})

const described = (name: string, platform: unknown, expect: Row['expect']): Row => ({
  name,
  push: index([part('linux/amd64', {}, { platform })]),
  expect,
})

/** What an index offers, on a node for linux/amd64. */
// biome-ignore format: a row is a line
export const platforms: readonly Row[] = [
  offered('linux/amd64', runs),
  offered('linux/amd64 + linux/arm64', runs),
  offered('linux/arm64 + linux/amd64', runs),
  offered('linux/amd64/v1', runs),
  offered('linux/amd64/v2', noPlatform),
  offered('linux/amd64/v3', noPlatform),
  offered('linux/amd64 + linux/amd64/v2', runs),
  offered('linux/amd64/v2 + linux/amd64', runs),
  offered('linux/arm64', noPlatform),
  offered('linux/arm64 + linux/arm/v7', noPlatform),
  offered('linux/arm64/v8', noPlatform),
  offered('linux/arm/v6 + linux/arm/v7', noPlatform),
  offered('linux/riscv64', noPlatform),
  offered('linux/ppc64le + linux/s390x', noPlatform),
  offered('linux/386', localOnly, runs),
  offered('linux/386 + linux/arm64', localOnly, runs),
  offered('linux/386 + linux/amd64', runs),
  offered('windows/amd64', noPlatform),
  offered('windows/amd64 + linux/amd64', runs),
  offered('windows/amd64 + linux/arm64', noPlatform),
  offered('darwin/amd64', noPlatform),
  offered('freebsd/amd64', noPlatform),
  offered('wasi/wasm', noPlatform),
  offered('unknown/unknown', noPlatform),
  offered('unknown/unknown + linux/amd64', runs),
  offered('none', runs),
  offered('none + none', runs),
  offered('none + linux/amd64', runs),
  offered('none + linux/386 + linux/amd64', runs),
  offered('none + linux/arm64', noPlatform),
  offered('linux/amd64/v2 + none', noPlatform),
  offered('linux/amd64 + attestation', runs),
  offered('linux/arm64 + attestation', noPlatform),
  offered('missing:linux/amd64 + linux/386', broken),
  offered('missing:linux/arm64 + linux/amd64', runs),
  offered('missing:linux/386 + linux/amd64', runs),
  offered('missing:none + linux/amd64', doubted(['runtime-differs'], 'ErrImagePull', doubts.settings), runs),
  described('named x86_64', { os: 'linux', architecture: 'x86_64' }, runs),
  described('named x86-64', { os: 'linux', architecture: 'x86-64' }, runs),
  described('named in capitals', { os: 'Linux', architecture: 'AMD64' }, runs),
  described('named i386', { os: 'linux', architecture: 'i386' }, localOnly),
  described('named aarch64', { os: 'linux', architecture: 'aarch64' }, noPlatform),
  described('without a system', { architecture: 'amd64' }, runs),
  described('without an architecture', { os: 'linux' }, noPlatform),
  described('with an empty platform', {}, noPlatform),
  described('with a platform that is null', null, runs),
  described('with a version of the system', { ...platformFields('linux/amd64'), 'os.version': '6.1' }, runs),
  described('with a feature of the system', { ...platformFields('linux/amd64'), 'os.features': ['gpu'] }, noPlatform),
  described('with no features of the system', { ...platformFields('linux/amd64'), 'os.features': [] }, runs),
  described('with features of the processor', { ...platformFields('linux/amd64'), features: ['sse4'] }, runs),
  described('with a platform that is a text', 'linux/amd64', contrary),
  described('with an architecture that is a number', { os: 'linux', architecture: 386 }, contrary),
]
