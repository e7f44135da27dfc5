import { defineConfig } from '@playwright/test'
import { findChromium } from './scripts/chromium.mjs'

const executablePath = findChromium()

export default defineConfig({
  // Each file starts a Tunboard of its own (e2e/test.ts); what they start is built once.
  globalSetup: './e2e/build.ts',
  outputDir: 'test-results',
  reporter: 'list',
  forbidOnly: process.env.CI !== undefined,
  // A retry hides a race, in the app or in the test.
  retries: 0,
  workers: 2,
  timeout: 120_000,
  // Only a failure waits so long; a machine with much else to do needs it.
  expect: { timeout: 20_000 },
  use: {
    trace: 'retain-on-failure',
    locale: 'en-GB',
    timezoneId: 'UTC',
    launchOptions: {
      ...(executablePath !== undefined && { executablePath }),
      args: [
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'hosts', testMatch: 'e2e/hosts/**/*.e2e.ts' },
    // The lab is one set of kernels: two tests at once would meet in its tables.
    {
      ...{ name: 'lab', testMatch: 'e2e/lab/**/*.e2e.ts', workers: 1, timeout: 300_000 },
      expect: { timeout: 60_000 },
    },
    {
      ...{ name: 'long', testMatch: 'e2e/long/**/*.e2e.ts', workers: 1, timeout: 1_800_000 },
      expect: { timeout: 60_000 },
    },
  ],
})
