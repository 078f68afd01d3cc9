import { expect, test } from 'vitest'
import { fitsWindowsVersion } from '../../src/image/windows-version.ts'

const rows: readonly (readonly [node: string, image: string, fits: boolean, why: string])[] = [
  ['10.0.17763', '10.0.17763', true, 'Windows Server 2019 runs its own'],
  ['10.0.17763', '10.0.17762', false, 'and nothing before'],
  ['10.0.17763', '10.0.17764', false, 'nor after'],
  ['10.0.20347', '10.0.20347', true, 'the last build of the old rule'],
  ['10.0.20348', '10.0.20348', true, 'Windows Server 2022 runs its own'],
  ['10.0.20348', '10.0.20347', false, 'and nothing before'],
  ['10.0.20349', '10.0.20348', true, 'from then on what is between the long-term release and itself'],
  ['10.0.22621', '10.0.20348', true, 'Windows 11 too'],
  ['10.0.25398', '10.0.25398', true, 'the annual release runs its own'],
  ['10.0.25398', '10.0.25399', false, 'and nothing after'],
  ['10.0.26100', '10.0.20348', true, 'Windows Server 2025 still runs what is of 2022'],
  ['10.0.26100', '10.0.20347', false, 'but nothing before'],
  ['10.0.26101', '10.0.26100', true, 'what comes after it runs what is of 2025'],
  ['10.0.26101', '10.0.26099', false, 'but nothing before'],
  ['10.0.65535', '10.0.65535', true, 'the last number there is room for'],
  ['10.0.20348.1', '10.0.20348.2', true, 'revisions do not count'],
  ['10.0.20348', '10.1.20348', false, 'minor versions do'],
  ['10.0.20348', '11.0.20348', false, 'and major ones'],
  ['10.0.20348', '', true, 'an image without a version fits'],
  ['', '10.0.20348', true, 'a node without one takes any'],
  ['', '', true, 'neither tells'],
  ['10.0', '10.0.20348', true, 'a node whose version is too short has none'],
  ['256.0.1', '10.0.20348', true, 'or too great'],
  ['0.0.0', '10.0.20348', true, 'or nothing but noughts'],
  ['10.0.20348', '10.0', false, 'an image whose version cannot be read has version 0.0.0'],
  ['10.0.20348', 'ltsc2022', false, 'and so has a name'],
  ['10.0.20348', '10.0.65536', false, 'and a number that is too great'],
  ['10.0.20348', '10.0.20348 ', false, 'and a blank at the end'],
  ['10.0.20348', '10.0.-1', false, 'and a sign'],
  ['0.0.1', '0.0.0', false, 'which is a build like others'],
  ['0.0.1', 'nonsense', false, 'even so'],
]

test.each(rows)('a Windows node of %j runs containers of %j: %j, because %s', (node, image, fits) => {
  expect(fitsWindowsVersion(node, image)).toBe(fits)
})
