import { defineConfig } from 'vitest/config'

// `unit` needs no more than Node; `e2e` needs real parts, which its own set-up scripts install.
export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/**/*.e2e.test.ts'], testTimeout: 30_000 },
      },
      { test: { name: 'e2e', include: ['test/**/*.e2e.test.ts'], testTimeout: 600_000, hookTimeout: 600_000 } },
    ],
  },
})
