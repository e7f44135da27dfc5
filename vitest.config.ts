import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    include: ['{app,lib,lab,scripts}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'lib/db/generated/**'],
    setupFiles: ['scripts/vitest-setup.ts'],
    // Native addons (libsql, ssh2) are not safe in worker threads.
    pool: 'forks',
    // More than the cores of a small machine makes tests with deadlines fail.
    maxWorkers: 2,
    // A fake host takes up to 1 s to make its key; a test that needs more than 20 s hangs.
    testTimeout: 20_000,
    restoreMocks: true,
  },
})
