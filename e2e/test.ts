import { spawn } from 'node:child_process'
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test'
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

export const test = base.extend<{ quiet: undefined }>({
  // beforeAll below asks for both too, before there is a Tunboard.
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's names
  baseURL: async ({}, use) => use(running?.app.url),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's names
  storageState: async ({}, use) => use(running?.session),
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

/** Starts a Tunboard for the tests of a file. `asAda`: its administrator exists, and the browser is logged in as her. */
export function withApp({ asAda = true }: { asAda?: boolean } = {}): () => App {
  base.beforeAll(async ({ browser }) => {
    const app = await startApp()
    running = { app, session: undefined }
    if (!asAda) return
    const context = await browser.newContext({ baseURL: app.url })
    const page = await context.newPage()
    await firstRun(page, ADA)
    running = { app, session: await context.storageState() }
    await context.close()
  })
  base.afterAll(async () => {
    const app = running?.app
    running = undefined
    await app?.stop()
  })
  return () => theApp().app
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
