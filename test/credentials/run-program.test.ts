import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Run, runProgram } from '../../src/credentials/run-program.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import { directoryForTest, pathOf, writeProgram } from './programs.ts'

const runOf = (program: string, more: Partial<Run> = {}): Run => ({
  program,
  args: [],
  environment: pathOf(),
  input: '',
  mostOutputBytes: 1000,
  ...more,
})

/** What comes of a script: its output, or what was wrong, in a text. */
const ran = async (script: string, more: Partial<Run> = {}, signal = deadlineIn(5000)): Promise<string> => {
  const program = await writeProgram(await directoryForTest(), 'program', script)
  const result = await runProgram(runOf(program, more), signal)
  return result.ok ? result.value.toString() : `${result.error.problem}: ${result.error.output.toString()}`
}

describe('a program', () => {
  test('reads its input, its arguments and its environment, and nothing of a shell', async () => {
    const more = { args: ['a b', '$HOME', '; exit 1'], input: 'question', environment: { ...pathOf(), X: 'y' } }
    expect(await ran('cat; printf "|%s" "$@" "$X"', more)).toBe('question|a b|$HOME|; exit 1|y')
  })

  test('has no other environment than the one it is given', async () => {
    expect(await ran('env | cut -d= -f1 | grep -v -e PWD -e SHLVL -e "^_$"')).toBe('PATH\n')
  })

  test('need not read its input', async () => {
    expect(await ran('echo answer', { input: 'x'.repeat(1_000_000) })).toBe('answer\n')
  })

  test('that fails says so, with what it printed', async () => {
    expect(await ran('echo not here; echo secret >&2; exit 3')).toBe('failed: not here\n')
  })

  test('that fails is heard, for a few kilobytes', async () => {
    const program = await writeProgram(await directoryForTest(), 'program', 'echo why >&2; exit 1')
    const long = await writeProgram(await directoryForTest(), 'program', 'yes | head -c 1000000 >&2; exit 1')
    const said = async (which: string): Promise<string> => {
      const result = await runProgram(runOf(which), deadlineIn(5000))
      return result.ok ? '' : result.error.complaint
    }
    expect(await said(program)).toMatch(/^why\n/)
    expect(await said(long)).toHaveLength(4096)
  })

  test('that kills itself has failed', async () => {
    expect(await ran('kill -9 $$')).toBe('failed: ')
  })

  test('that prints without end is stopped', async () => {
    expect(await ran('yes')).toMatch(/^too-much-output: (y\n)*$/)
  })

  test('that prints a hundred megabytes is stopped long before', async () => {
    expect(await ran('head -c 100000000 /dev/zero')).toMatch(/^too-much-output/)
  })

  test('that hangs is killed, by its process id', async () => {
    const directory = await directoryForTest()
    const program = await writeProgram(directory, 'hangs', `echo $$ > ${join(directory, 'pid')}; exec sleep 600`)
    const startedMs = performance.now()
    const result = await runProgram(runOf(program), deadlineIn(300))
    expect(result.ok || result.error.problem).toBe('timed-out')
    expect(performance.now() - startedMs).toBeLessThan(4000)
    const pid = (await readFile(join(directory, 'pid'), 'utf8')).trim()
    const isGone = async (): Promise<boolean> =>
      readFile(`/proc/${pid}/stat`, 'utf8').then(
        stat => / Z /.test(stat),
        () => true,
      )
    await expect.poll(isGone).toBe(true)
  })

  test('that hangs behind a child of its own is not waited for', async () => {
    const startedMs = performance.now()
    expect(await ran('sleep 5 & echo out', {}, deadlineIn(300))).toBe('timed-out: out\n')
    expect(performance.now() - startedMs).toBeLessThan(4000)
  })

  test('is not started when time is up', async () => {
    expect(await ran('echo x', {}, AbortSignal.abort())).toBe('timed-out: ')
  })

  test.each<[what: string, program: string, problem: string]>([
    ['is missing', '/nowhere/program', 'missing'],
    ['is missing from the path', 'pullgate-no-such-program', 'missing'],
    ['is a directory', '/usr', 'not-runnable'],
    ['is no program', '/etc/passwd', 'not-runnable'],
    ['has a name with a zero byte', 'a\0b', 'not-runnable'],
  ])('that %s is said to be so', async (_, program, problem) => {
    const result = await runProgram(runOf(program), deadlineIn(5000))
    expect(result.ok || result.error.problem).toBe(problem)
  })
})
