import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import {
  type Browser,
  type BrowserContext,
  test as base,
  expect,
  type Page,
} from '@playwright/test'
import { type App, startApp } from './app'
import { ADA, firstRun } from './steps'

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>
type Running = { app: App; session: StorageState | undefined }

/** One file at a time runs in a worker: its Tunboard, once withApp has started it. */
let running: Running | undefined

function theApp(): Running {
  if (running === undefined) throw new Error('this file does not call withApp()')
  return running
}

/** What a browser's console says that is no fault of a page. */
const HARMLESS = [
  // The answer of a refused login or of a page that does not exist, which a test asked for.
  /^Failed to load resource: the server responded with a status of 40[134]/,
]

/** Collects what pages of a context complain about; each complaint fails the test. */
function watchPages(context: BrowserContext): string[] {
  const problems: string[] = []
  const watch = (page: Page) => {
    page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.stack ?? error.message}`))
    page.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return
      if (HARMLESS.some((each) => each.test(message.text()))) return
      problems.push(`${page.url()}: ${message.type()}: ${message.text()}`)
    })
  }
  for (const page of context.pages()) watch(page)
  context.on('page', watch)
  return problems
}

let first: Promise<{ app: App; session: StorageState }> | undefined

/** The data of a Tunboard whose administrator is Ada, made once per worker: whoever begins as her gets a copy. */
async function afterFirstRun(browser: Browser) {
  const app = await startApp()
  // Its steps are found by their English names, whatever language the tests of a file read.
  const context = await browser.newContext({ baseURL: app.url, locale: 'en-GB' })
  await firstRun(await context.newPage(), ADA)
  const session = await context.storageState()
  await context.close()
  await app.stop({ keep: true })
  process.once('exit', () => rmSync(app.env.DATA_DIR ?? '', { recursive: true, force: true }))
  return { app, session }
}

async function startAsAda(browser: Browser): Promise<Running> {
  first ??= afterFirstRun(browser)
  const { app: from, session } = await first
  const app = await startApp({ from })
  // Cookies are named by the port, because browsers tell hosts apart and not ports.
  const renamed = JSON.stringify(session).replaceAll(`-${from.port}.`, `-${app.port}.`)
  return { app, session: JSON.parse(renamed) as StorageState }
}

type Fixtures = {
  /** A Tunboard for each test of the file; else the tests share one. */
  each: boolean
  tunboard: Running | undefined
  quiet: undefined
}

export const test = base.extend<Fixtures>({
  each: [false, { option: true }],
  // Playwright asks for it in beforeAll too, before there is one.
  tunboard: async ({ each, browser }, use) => {
    if (!each) return use(running)
    running = await startAsAda(browser)
    await use(running)
    await stopApp()
  },
  baseURL: async ({ tunboard }, use) => use(tunboard?.app.url),
  storageState: async ({ tunboard }, use) => use(tunboard?.session),
  /** Nothing unexpected in the browser's console and in the server's log. */
  quiet: [
    async ({ context }, use, info) => {
      const { app } = theApp()
      const problems = watchPages(context)
      await use(undefined)
      if (info.status !== info.expectedStatus)
        await info.attach('tunboard.log', { body: app.log(), contentType: 'text/plain' })
      const all = [...problems, ...app.takeProblems()]
      expect(all, 'complaints of browser and server').toEqual([])
    },
    { auto: true },
  ],
})

async function stopApp(): Promise<void> {
  const app = running?.app
  running = undefined
  await app?.stop()
}

/** Starts a Tunboard for the tests of a file. `asAda`: logged in as its administrator; else its database is empty. */
export function withApp({ asAda = true }: { asAda?: boolean } = {}): () => App {
  test.beforeAll(async ({ browser }) => {
    running = asAda ? await startAsAda(browser) : { app: await startApp(), session: undefined }
  })
  test.afterAll(stopApp)
  return () => theApp().app
}

/** Starts a Tunboard for each test of a file, logged in as its administrator. */
export function withAppEach(): () => App {
  test.use({ each: true })
  return () => theApp().app
}

/** Lets the following tests of the file begin logged in as whoever is logged in on this page. */
export async function keepSession(page: Page): Promise<void> {
  running = { ...theApp(), session: await page.context().storageState() }
}

/** Runs a script of e2e/scripts on the data of a Tunboard, with a value as JSON in and one out. */
export async function runScript<Out>(app: App, name: string, input: unknown): Promise<Out> {
  const child = spawn(process.execPath, ['--import', 'tsx', `e2e/scripts/${name}.ts`], {
    env: { ...process.env, ...app.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const [out, err]: [string[], string[]] = [[], []]
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text))
  child.stdin.end(JSON.stringify(input))
  const code = await new Promise((resolve) => {
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error(`${name} failed:\n${err.join('')}`)
  return JSON.parse(out.join('')) as Out
}
