import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// By default one core is left to somebody else: of two that is half. The cluster's tests have servers beside them, and keep to it.
const maxWorkers = availableParallelism()

// `unit` needs no more than Node; `e2e` needs real parts, which its own set-up scripts install; `kubernetes`
// has a real cluster, in namespaces of its own.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.{e2e,kubernetes}.test.ts'],
          testTimeout: 30_000,
          maxWorkers,
        },
      },
      {
        test: {
          name: 'kubernetes',
          include: ['test/**/*.kubernetes.test.ts'],
          globalSetup: 'test/cluster/real/standing.ts',
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/**/*.e2e.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          maxWorkers,
        },
      },
    ],
  },
})
