import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'
import { findChromium } from './scripts/chromium.mjs'

// Workers load this file again, with the environment of the process that loaded it first.
process.env.E2E_PORT ??= String(20_000 + (process.pid % 10_000))
if (process.env.E2E_DATA_DIR === undefined) {
  const dataDir = mkdtempSync(join(tmpdir(), 'tunboard-e2e-'))
  process.env.E2E_DATA_DIR = dataDir
  process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }))
}
const baseURL = `http://127.0.0.1:${process.env.E2E_PORT}`
const executablePath = findChromium()

export default defineConfig({
  outputDir: 'test-results',
  reporter: 'list',
  forbidOnly: process.env.CI !== undefined,
  // A retry hides a race, in the app or in the test.
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    baseURL,
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
    { name: 'lab', testMatch: 'e2e/lab/**/*.e2e.ts', workers: 1, timeout: 180_000 },
    { name: 'long', testMatch: 'e2e/long/**/*.e2e.ts', workers: 1, timeout: 1_800_000 },
  ],
  webServer: {
    command: 'node scripts/start.mjs',
    url: baseURL,
    // A build may come first.
    timeout: 180_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 },
    env: {
      DATA_DIR: process.env.E2E_DATA_DIR,
      DATABASE_URL: '',
      HOST: '127.0.0.1',
      PORT: process.env.E2E_PORT,
      PUBLIC_URL: baseURL,
    },
  },
})
