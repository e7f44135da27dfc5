import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'

const KNOWN = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Finds a browser for the tests: TUNBOARD_CHROMIUM, the system's, or the one that Playwright installed. */
export function findChromium() {
  const asked = process.env.TUNBOARD_CHROMIUM
  return [...(asked ? [asked] : KNOWN), chromium.executablePath()].find((path) => existsSync(path))
}
