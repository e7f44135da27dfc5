import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    include: ['{app,bench,lib,lab,scripts}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'lib/db/generated/**'],
    globalSetup: ['scripts/vitest-temp.ts'],
    setupFiles: ['scripts/vitest-setup.ts'],
    // Native addons (libsql, ssh2) are not safe in worker threads.
    pool: 'forks',
    // More than the cores of a small machine makes tests with deadlines fail.
    maxWorkers: 2,
    // A fake host takes up to 1 s to make its key; on a busy machine a test of several takes many; one that needs a minute hangs.
    testTimeout: 60_000,
    restoreMocks: true,
  },
})
