const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const
const streams = ['stdout', 'stderr'] as const

/** Hears all that is printed or logged while something runs. */
export const listeningToLogs = async <T>(hear: (text: string) => void, run: () => Promise<T>): Promise<T> => {
  const consoles = methods.map(name => [name, console[name]] as const)
  const writes = streams.map(name => [name, process[name].write] as const)
  const warned = (warning: Error): void => hear(`${warning.name}: ${warning.message}`)
  process.on('warning', warned)
  for (const name of methods) console[name] = (...values: readonly unknown[]) => hear(values.map(asText).join(' '))
  for (const [name, write] of writes) {
    const hearing = (...values: readonly unknown[]): boolean => {
      hear(String(values[0]))
      return Reflect.apply(write, process[name], values)
    }
    process[name].write = hearing
  }
  try {
    return await run()
  } finally {
    for (const [name, method] of consoles) console[name] = method
    for (const [name, write] of writes) process[name].write = write
    process.off('warning', warned)
  }
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
