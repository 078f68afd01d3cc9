/** Counts from now on for how long this thread has a processor, in milliseconds: what else the machine does fails no test. */
export const processorClock = (): (() => number) => {
  const before = process.threadCpuUsage()
  return () => {
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1000
  }
}
