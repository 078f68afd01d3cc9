import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder, pullgate } from './run-pullgate.ts'

test.each<[readonly string[], readonly string[]]>([
  [[''], ['serve', 'check', 'explain', 'config', 'demo', 'completion']],
  [['che'], ['check']],
  [['check', '--out'], ['--output']],
  [
    ['check', '--fail-on', ''],
    ['deny', 'warn'],
  ],
  [['check', '--cluster', '--unk'], ['--unknown']],
  [
    ['config', ''],
    ['validate', 'schema', 'show'],
  ],
  [['config', 'show', '--con'], ['--config']],
  [['completion', 'z'], ['zsh']],
])('bash completes %j', async (words, expected) => {
  const file = join(await folder(), 'completion.bash')
  await writeFile(file, (await pullgate(['completion', 'bash'])).stdout)
  const script = `source ${file}; COMP_WORDS=(pullgate ${words.map(word => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _pullgate; echo "\${COMPREPLY[@]}"`
  const answered = execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' }).trim().split(' ')
  expect(answered).toEqual(expect.arrayContaining([...expected]))
  if (expected.length === 1) expect(answered).toEqual(expected)
})

test('fish and zsh have theirs, of the same definitions', async () => {
  const fish = (await pullgate(['completion', 'fish'])).stdout
  expect(fish).toContain(`complete -c pullgate -n '__fish_seen_subcommand_from check' -s o -l output -r -d 'text, json`)
  expect(fish).toContain(`-l fail-on -r -f -a 'deny warn' -d 'end with 1 from this on'`)
  expect((await pullgate(['completion', 'zsh'])).stdout).toMatch(/^#compdef pullgate\n.*bashcompinit\n/)
})

test('--version tells the commit, of the environment or of the checkout', async () => {
  expect((await pullgate(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+(?: \([0-9a-f]{12}\))?\n$/)
  const commit = '0123456789abcdef0123456789abcdef01234567'
  const { stdout } = await pullgate(['--version'], { environment: { PULLGATE_COMMIT: commit } })
  expect(stdout).toMatch(/^\d+\.\d+\.\d+ \(0123456789ab\)\n$/)
})
