import { defineConfig } from 'vitest/config'

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
      { test: { name: 'e2e', include: ['test/**/*.e2e.test.ts'], testTimeout: 600_000, hookTimeout: 600_000 } },
    ],
  },
})
