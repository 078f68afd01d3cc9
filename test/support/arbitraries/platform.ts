import fc from 'fast-check'
import type { Platform } from '../../../src/image/platform.ts'
import { joined, mostly, oneWord, spliced, textOf } from './text.ts'

const nothing = fc.constant('')

const os = fc.oneof(
  { arbitrary: oneWord('linux windows'), weight: 15 },
  { arbitrary: oneWord('Linux Windows macos darwin freebsd'), weight: 4 },
  { arbitrary: nothing, weight: 2 },
  { arbitrary: oneWord('unknown macOS LİNUX linu\u212a linux/'), weight: 1 },
)

const architecture = fc.oneof(
  { arbitrary: oneWord('amd64 arm64 arm 386'), weight: 12 },
  { arbitrary: oneWord('x86_64 x86-64 i386 aarch64 armhf armel AMD64 ARM64 AArch64 x86'), weight: 5 },
  { arbitrary: oneWord('ppc64le s390x riscv64 loong64 unknown armv7l wasm'), weight: 2 },
  { arbitrary: nothing, weight: 1 },
)

const variant = fc.oneof(
  { arbitrary: nothing, weight: 6 },
  { arbitrary: oneWord('v1 v2 v3 v4 v5 v6 v7 v8 v9 V7 V8'), weight: 8 },
  {
    arbitrary: oneWord('5 6 7 8 9 9.0 8.0 v8.0 v8.1 v8.2 v8.5 v8.9 v8.10 v9.0 v9.1 v9.3 v9.4 v9.5 v9.7 v9.8'),
    weight: 5,
  },
  { arbitrary: oneWord('v10 v08 v+3 v-1 v0 v vv2 2 02 v2.0 v_3 v8.01 v٣ v1_0 nehalem'), weight: 1 },
)

/** Builds round those where Windows changes its rule of compatibility: 17763, 20348, 25398 and 26100. */
const build = oneWord('17763 20348 26100 20347 20349 22621 25398 26099 26101 14393 65535 65536 0 020348')
const osVersion = fc.oneof(
  { arbitrary: nothing, weight: 5 },
  { arbitrary: build.map(build => `10.0.${build}`), weight: 4 },
  {
    arbitrary: joined(
      oneWord('10.0. 10.1. 6.3. 255.0. 256.0. 010.0. +10.0. 0.0.'),
      build,
      mostly(1, nothing, oneWord('.1 .2031 .x .')),
    ),
    weight: 2,
  },
  { arbitrary: oneWord('10 10.0 10.0. ... 0.0.0 ltsc2022 10.0.x 10.0.20348% a+b(c)/d १०.०.१'), weight: 1 },
)

const feature = mostly(9, oneWord('win32k a b c gpu A a+b % é ｚ 😀'), nothing)
const osFeatures = fc.oneof(
  { arbitrary: fc.constant([]), weight: 4 },
  { arbitrary: fc.array(feature, { maxLength: 4 }), weight: 1 },
)

const platform: fc.Arbitrary<Platform> = fc.record(
  { os, architecture, variant, osVersion, osFeatures },
  { noNullPrototype: true },
)

const kin = oneWord('amd64 arm64 arm 386 x86_64 aarch64 armhf armel i386')

/** Another platform that shares most of its fields, so that both a match and a near miss are frequent. */
const relativeOf = (one: Platform): fc.Arbitrary<Platform> =>
  fc.record(
    {
      os: mostly(9, fc.constant(one.os), os),
      architecture: fc.oneof(fc.constant(one.architecture), kin),
      variant: fc.oneof(fc.constant(one.variant), nothing, variant),
      osVersion: fc.oneof(fc.constant(one.osVersion), osVersion),
      osFeatures: fc.oneof(fc.subarray([...one.osFeatures]), osFeatures),
    },
    { noNullPrototype: true },
  )

/** A node and two images, of which it may prefer one: with every alias, and with platforms that nobody should write. */
export const platformTriple: fc.Arbitrary<readonly [node: Platform, image: Platform, other: Platform]> = platform.chain(
  node => fc.tuple(fc.constant(node), relativeOf(node), relativeOf(node)),
)

const escaped = mostly(9, oneWord('1 10.0.20348 a %2B %25 %2f %zz % %4 %00 . -'), nothing)
const features = fc.array(escaped, { maxLength: 3 }).map(features => features.map(feature => `+${feature}`).join(''))
const options = joined(fc.constant('('), escaped, features, fc.constant(')'))
const osText = joined(mostly(8, os, textOf('aZ0_-.', 6)), mostly(2, nothing, mostly(4, options, textOf('a()+%', 5))))
const slash = fc.constant('/')
const segment = joined(slash, mostly(12, fc.oneof(architecture, variant), textOf('aZ0_.-', 4)))
const specifier = fc.oneof(
  mostly(1, osText, architecture),
  joined(osText, segment),
  joined(osText, slash, architecture, slash, variant),
  joined(osText, segment, segment, segment),
)
const anySpecifier = mostly(6, specifier, spliced(specifier))

/** Platform specifiers such as `windows(10.0.20348+win32k)/amd64`, right and wrong; none escapes bytes outside ASCII, which may not be Unicode. */
export const platformText: fc.Arbitrary<string> = anySpecifier.filter(text => !/%[89a-f]/i.test(text))
