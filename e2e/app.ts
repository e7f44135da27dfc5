import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** A Tunboard of one test file: its own process, port, database and secret key. */
export type App = {
  url: string
  port: string
  /** Settings for a second process on the same data. */
  env: Record<string, string>
  /** Everything that it has printed. */
  log(): string
  /** Takes the lines that nobody expects, and forgets them. */
  takeProblems(): string[]
  /**
   * Ends it by SIGTERM, as systemd does, and deletes its data unless they are kept. Throws where it does not end by
   * itself, or not with 0.
   */
  stop(options?: { keep: boolean }): Promise<void>
}

/** A start after a build takes 3 s; on a machine with a lab at full load a few times that. */
const START_MS = 60_000
/** scripts/start.mjs kills what has not ended after 15 s, and says so. */
const STOP_MS = 20_000

/** What a Tunboard prints that does as it should: sentences of scripts/start.mjs, and lines of the log below `warn`. */
const EXPECTED = [
  /^(Installing dependencies|Generating the database client|Building Tunboard)/,
  /^The database is at migration \S+\.$/,
  /^Tunboard is at http/,
  /^(▲ Next\.js|✓ (Ready|Running next\.config\.ts))/,
  /^\{"at":"[^"]*","level":"(debug|info)",/,
  /"message":"Made a new secret key\. Back it up/,
  /"message":"A login was refused\."/,
]

const isExpected = (line: string) => line === '' || EXPECTED.some((each) => each.test(line))

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Collects what a process prints, as text and line by line. */
function listen(child: ChildProcess, onLine: (line: string) => void): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream?.setEncoding('utf8')
    stream?.on('data', (coloured: string) => {
      const chunk = stripVTControlCharacters(coloured)
      text += chunk
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) onLine(line)
    })
  }
  return () => text
}

const endOf = (child: ChildProcess) =>
  new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 1))
  })

async function within<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** Starts the built Tunboard as `npm start` does: on an empty database, or on a copy of another one's data. */
export async function startApp({ from }: { from?: App } = {}): Promise<App> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tunboard-e2e-'))
  if (from?.env.DATA_DIR !== undefined) cpSync(from.env.DATA_DIR, dataDir, { recursive: true })
  const port = String(await freePort())
  const url = `http://127.0.0.1:${port}`
  const env = {
    ...{ DATA_DIR: dataDir, DATABASE_URL: '', HOST: '127.0.0.1', PORT: port, PUBLIC_URL: url },
    ...{ LOG_FORMAT: 'json', LOG_LEVEL: 'info', SSH_AUTH_SOCK: '', TUNBOARD_SECRET_KEY: '' },
  }
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = endOf(child)
  let problems: string[] = []
  let isUp: () => void = () => undefined
  const up = new Promise<'up'>((resolve) => {
    isUp = () => resolve('up')
  })
  const log = listen(child, (line) => {
    if (line.startsWith('Tunboard is at ')) isUp()
    if (!isExpected(line)) problems.push(line)
  })
  const outcome = await within(Promise.race([up, ended]), START_MS)
  if (outcome !== 'up') {
    child.kill('SIGKILL')
    throw new Error(`Tunboard did not start (${outcome}):\n${log()}`)
  }
  let stopping: Promise<void> | undefined
  const end = async (keep: boolean) => {
    child.kill('SIGTERM')
    const code = await within(ended, STOP_MS)
    if (code === 'late') child.kill('SIGKILL')
    if (!keep) rmSync(dataDir, { recursive: true, force: true })
    if (code !== 0) throw new Error(`Tunboard did not end cleanly (${code}):\n${log()}`)
  }
  return {
    ...{ url, port, env },
    log,
    takeProblems() {
      const taken = problems
      problems = []
      return taken
    },
    stop({ keep } = { keep: false }) {
      stopping ??= end(keep)
      return stopping
    },
  }
}
