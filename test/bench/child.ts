import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A program of this folder that runs in a process of its own. */
export interface Child<T> {
  readonly child: ChildProcess
  /** What it said first: that it is ready, and where. */
  readonly told: T
}

/** What a server of this folder says first. */
export interface ServerAt {
  readonly url: string
  readonly ca: string
}

/** How a program is run. */
export interface ChildOptions {
  readonly args?: readonly string[]
  /** Of Node. */
  readonly flags?: readonly string[]
  /** What stands before the command, such as `taskset`. */
  readonly before?: readonly string[]
}

/** Starts a program of this folder, and waits for its first message. */
export const startChild = async <T>(
  file: string,
  { args = [], flags = [], before = [] }: ChildOptions = {},
): Promise<Child<T>> => {
  const [program = '', ...rest] = [...before, process.execPath, ...flags, join(import.meta.dirname, file), ...args]
  const child = spawn(program, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [told] = (await once(child, 'message')) as [T]
  return { child, told }
}
