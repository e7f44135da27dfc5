import { mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from '@playwright/test'
import type { Locale } from '@/app/_i18n/locales'
import { MESSAGES, type Messages } from '@/app/_i18n/messages'
import { whyNoLab } from '@/lab/lab'
import { findChromium } from './chromium.mjs'
import { startDemoTraffic } from './demo-traffic'
import { root } from './ready.mjs'
import { createDemo, type Demo } from './start-demo'
import { CHINESE_FONT, hasChineseFont, installPackages } from './system-packages.mjs'

// `npm run screenshots`: clicks through the demo and writes docs/pictures/NAME-SIZE-SCHEME.png, those of other languages
// below it. What they show was read from real kernels; nothing is drawn for the picture.

const FOLDER = join(root, 'docs/pictures')
/** README is read over slow lines too. */
const MOST_BYTES = 300_000
/** Until the chart of active connections has something to say. */
const TRAFFIC_MS = 100_000

const say = (sentence: string) => process.stdout.write(`${sentence}\n`)

const SIZES: Record<string, BrowserContextOptions> = {
  desktop: {},
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true },
}
const SCHEMES = ['light', 'dark'] as const
type Scheme = (typeof SCHEMES)[number]

/** The pictures of README in one language. */
type Edition = { locale: Locale; folder: string; schemes: readonly Scheme[] }
const ENGLISH: Edition = { locale: 'en', folder: FOLDER, schemes: SCHEMES }
const CHINESE: Edition = { locale: 'zh-CN', folder: join(FOLDER, 'zh-CN'), schemes: ['light'] }

type Shot = {
  name: string
  path: string
  /** Resolves when the page shows what the picture is for, in the words of its language. */
  ready: (page: Page, words: Messages) => Promise<void>
  /** English alone unless told. */
  editions?: readonly Edition[]
  /** Of the desktop's window, in CSS pixels; 900 unless told. */
  height?: number
}

type Studio = { browser: Browser; url: string; session: BrowserContextOptions['storageState'] }

/** Runs `work` on a page of a browser that is logged in, in a window of its own. */
async function onPage<T>(
  { browser, url, session }: Studio,
  options: BrowserContextOptions,
  work: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({
    ...{ baseURL: url, locale: 'en-GB' },
    ...options,
    ...(session !== undefined && { storageState: session }),
  })
  try {
    return await work(await context.newPage())
  } finally {
    await context.close()
  }
}

/** Lets fonts load and what moves into place come to rest. */
async function rest(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await page.mouse.move(0, 0)
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )
}

type View = { edition: Edition; size: string; scheme: Scheme }

async function takeOne(studio: Studio, shot: Shot, view: View): Promise<void> {
  const { name, path, ready, height = 900 } = shot
  const { edition, size, scheme } = view
  const { locale, folder } = edition
  const file = join(folder, `${name}-${size}-${scheme}.png`)
  const viewport = { width: 1440, height }
  const look = { colorScheme: scheme, reducedMotion: 'reduce' } as const
  const language = { locale: locale === 'en' ? 'en-GB' : locale }
  mkdirSync(dirname(file), { recursive: true })
  await onPage(studio, { viewport, ...SIZES[size], ...look, ...language }, async (page) => {
    await page.goto(path)
    await ready(page, MESSAGES[locale])
    await rest(page)
    await page.screenshot({ path: file })
  })
  const { size: bytes } = statSync(file)
  say(`${file} (${Math.round(bytes / 1000)} kB)`)
  if (bytes > MOST_BYTES) throw new Error(`${file} has more than ${MOST_BYTES} bytes.`)
}

async function take(studio: Studio, shot: Shot): Promise<void> {
  for (const edition of shot.editions ?? [ENGLISH])
    for (const size of Object.keys(SIZES))
      for (const scheme of edition.schemes) await takeOne(studio, shot, { edition, size, scheme })
}

async function login(browser: Browser, demo: Demo): Promise<Studio> {
  const visitor: Studio = { browser, url: demo.url, session: undefined }
  const session = await onPage(visitor, {}, async (page) => {
    await page.goto('/login')
    await page.getByLabel('Email').fill(demo.email)
    await page.getByLabel('Password').fill(demo.password)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.waitForURL((now) => now.pathname === '/')
    return page.context().storageState()
  })
  return { ...visitor, session }
}

/** Clicks Apply and waits for the verdict; resolves to the path of the apply's page. */
function apply(studio: Studio, clusterPath: string): Promise<string> {
  return onPage(studio, {}, async (page) => {
    await page.goto(`${clusterPath}/plan`)
    await page.getByRole('button', { name: /^Apply \d+ steps$/ }).click()
    await page.waitForURL(/\/applies\//)
    await page.getByText('new connections are answered').first().waitFor({ timeout: 120_000 })
    return new URL(page.url()).pathname
  })
}

/** Saves with one click, and waits until it was read back. */
function save(studio: Studio, clusterPath: string): Promise<void> {
  return onPage(studio, {}, async (page) => {
    await page.goto(clusterPath)
    await page.getByRole('button', { name: 'Save rules' }).click()
    await page.waitForURL(/\/applies\//)
    await seesText(page, /^Saved: the files of/)
  })
}

/** Reads a host anew, as it is after the apply; resolves to the path of its page. */
function testHost(studio: Studio, name: string): Promise<string> {
  return onPage(studio, {}, async (page) => {
    await page.goto('/hosts')
    await page.getByRole('link', { name, exact: true }).click()
    await page.getByRole('button', { name: 'Test connection' }).click()
    await seesTunnel(page)
    return new URL(page.url()).pathname
  })
}

/** The tunnel among the devices: what was read before the apply has none. */
const seesTunnel = (page: Page) =>
  page.getByRole('cell', { name: 'tunl0', exact: true }).waitFor({ timeout: 60_000 })

const seesText = (page: Page, text: string | RegExp) =>
  page.getByText(text).first().waitFor({ timeout: 60_000 })

/** A message as far as it is the same whatever is put into it: `Even: {shares}`, and not `Not even: …`. */
const beginningOf = (message: string) => new RegExp(`^${message.split(/[{<]/)[0]?.trim()}`)

async function seesCommands(page: Page, { plan }: Messages): Promise<void> {
  await page.getByRole('button', { name: plan.showCommands }).click()
  await page.getByText('modprobe ipip').first().waitFor()
}

async function seesLive(page: Page, { live }: Messages): Promise<void> {
  await seesText(page, beginningOf(live.stream.on))
  await seesText(page, beginningOf(live.distribution.even))
}

const seesVerified = (page: Page, { apply: words }: Messages) =>
  seesText(page, words.outcome.verified.what)

const seesSaved = (page: Page, { saves }: Messages) => seesText(page, saves.verdict.survives)

const seesCalm = (page: Page, { overview }: Messages) => seesText(page, overview.calm)

async function takeAll(browser: Browser, demo: Demo): Promise<void> {
  const studio = await login(browser, demo)
  const cluster = `/clusters/${demo.clusterId}`
  const editions = [ENGLISH, CHINESE]
  await take(studio, { name: 'plan', path: `${cluster}/plan`, ready: seesCommands, editions })
  // Before the apply, so that its watch sees connections answered.
  await startDemoTraffic(demo.lab)
  const applied = await apply(studio, cluster)
  await take(studio, { name: 'apply', path: applied, ready: seesVerified })
  const savePlan = `${cluster}/save`
  const seesFile = (page: Page) => seesText(page, '/etc/ipvsadm.rules')
  await take(studio, { name: 'save-plan', path: savePlan, ready: seesFile, editions })
  await save(studio, cluster)
  await take(studio, { name: 'saved', path: `${cluster}/saved`, ready: seesSaved, editions })
  say('Waiting until the chart has something to say…')
  await new Promise((resolve) => setTimeout(resolve, TRAFFIC_MS))
  await take(studio, { name: 'live', path: cluster, ready: seesLive, height: 1240, editions })
  await take(studio, { name: 'overview', path: '/', ready: seesCalm, height: 560, editions })
  const host = await testHost(studio, 'server2')
  await take(studio, { name: 'host', path: host, ready: seesTunnel })
}

async function main(): Promise<void> {
  const reason = await whyNoLab()
  if (reason !== undefined) throw new Error(`The pictures need the lab: ${reason}`)
  const executablePath = findChromium()
  if (executablePath === undefined)
    throw new Error('The pictures need a Chromium: install one, or set TUNBOARD_CHROMIUM.')
  if (!hasChineseFont()) {
    say(`Installing ${CHINESE_FONT} for the Chinese pictures (first time)…`)
    await installPackages([CHINESE_FONT])
  }
  if (!hasChineseFont())
    throw new Error(`The Chinese pictures need a font for them: install ${CHINESE_FONT}.`)
  const demo = createDemo({ port: 3900, say })
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => void demo.stop().then(() => process.exit(1)))
  try {
    const browser = await chromium.launch({ executablePath, args: ['--disable-gpu'] })
    await takeAll(browser, await demo.start()).finally(() => browser.close())
  } finally {
    await demo.stop()
  }
}

await main()
