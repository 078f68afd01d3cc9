import { appendFile } from 'node:fs/promises'

/** Whether we are inside test/cluster/real/in-namespace. */
export const isInNamespace = (): boolean => process.env['PULLGATE_FOLDER'] !== undefined

/** Gives a name an address within the namespace. A program in Go may go on for five seconds with what it read before. */
export const nameHost = async (name: string, address: string): Promise<void> => {
  if (!isInNamespace())
    throw new Error('the names of this machine are left alone: start by test/cluster/real/in-namespace')
  await appendFile('/etc/hosts', `${address} ${name}\n`)
}
