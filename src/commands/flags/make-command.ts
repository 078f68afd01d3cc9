import type { Command } from 'commander'
import type { Surroundings } from '../surroundings.ts'

/** Makes a command with its flags; what it does is loaded when it runs, and tells the code to exit with. */
export type MakeCommand = (surroundings: Surroundings, done: (code: number) => void) => Command
