#!/usr/bin/env node
// `npm start`: from a fresh clone to a running Tunboard. `--dev`: the same with `next dev`.
import { spawn } from 'node:child_process'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  bin,
  checkNode,
  ensureBuild,
  ensureClient,
  ensureDependencies,
  NotReady,
  root,
  say,
} from './ready.mjs'

const isDev = process.argv.includes('--dev')
/** Longer than the app's own limit for closing connections, shorter than the 20 s in which systemd or people give up. */
const STOP_MS = 15_000
/** What Next prints about itself: our own last line says it better. */
const BANNER =
  /^\s*(▲|- (Local|Network|Environments|Experiments|Logs)\b|✓ (Starting|Ready|Running))|^\s*$/

/** Settings and migrations are TypeScript; loading them here saves the start of a second Node. */
async function prepareDatabase() {
  const { tsImport } = await import('tsx/esm/api')
  const load = (path) => tsImport(path, import.meta.url)
  const settings = (await load('../lib/env.ts')).env()
  const { migrate } = await load('../lib/db/migrate.ts')
  const applied = await migrate({
    url: settings.databaseUrl,
    authToken: settings.databaseAuthToken,
    folder: join(root, 'prisma/migrations'),
  })
  if (applied.length > 0) say(`The database is at migration ${applied.at(-1)}.`)
  return settings
}

/** Next would print a stack for a port in use. */
function checkPort({ host, port }) {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', ({ code, message }) => {
      const reason = {
        EADDRINUSE: `Port ${port} on ${host} is in use: stop what uses it, or choose another with PORT=3001 npm start.`,
        EACCES: `Port ${port} is only for root: choose one above 1023 with PORT=3000 npm start.`,
        EADDRNOTAVAIL: `${host} is no address of this machine: set HOST to one that is, or to 0.0.0.0 for all.`,
      }
      reject(new NotReady(reason[code] ?? `Cannot listen on ${host} port ${port}: ${message}`))
    })
    probe.listen(port, host, () => probe.close(resolve))
  })
}

function spawnNext({ host, port }) {
  const args = [isDev ? 'dev' : 'start', '-H', host, '-p', String(port)]
  const child = spawn(bin('next'), args, {
    cwd: root,
    stdio: ['inherit', 'pipe', 'inherit'],
    // Without the first, Next exits before our own handlers have closed sessions on hosts (instrumentation.ts).
    env: { ...process.env, NEXT_MANUAL_SIG_HANDLE: 'true', NEXT_TELEMETRY_DISABLED: '1' },
  })
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text) => {
    for (const line of text.split('\n')) if (!BANNER.test(line)) process.stdout.write(`${line}\n`)
  })
  return child
}

/** Hands on the signals, and ends what does not end by itself. */
function forwardSignals(child) {
  let asked = false
  const stop = (signal, isForwarded) => {
    if (isForwarded) child.kill(signal)
    if (asked) return
    asked = true
    setTimeout(() => {
      say('Tunboard did not stop in time and is ended.')
      child.kill('SIGKILL')
    }, STOP_MS).unref()
  }
  process.on('SIGTERM', () => stop('SIGTERM', true))
  // A terminal sends Ctrl-C to both of us.
  process.on('SIGINT', () => stop('SIGINT', process.stdin.isTTY !== true))
  child.on('exit', (code, signal) => process.exit(asked && signal ? 0 : (code ?? 1)))
}

/** Asks for the first page until it answers, which also warms it. */
async function waitUntilUp({ host, port }) {
  const hostname = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
  const isUp = () =>
    new Promise((resolve) => {
      get({ hostname, port, path: '/' }, (response) => {
        response.resume()
        resolve(true)
      }).on('error', () => resolve(false))
    })
  while (!(await isUp())) await wait(50)
}

async function main() {
  process.chdir(root)
  checkNode()
  await ensureDependencies()
  await ensureClient()
  const settings = await prepareDatabase()
  await checkPort(settings)
  if (!isDev) await ensureBuild()
  forwardSignals(spawnNext(settings))
  await waitUntilUp(settings)
  say(`Tunboard is at ${settings.publicUrl}`)
}

main().catch((error) => {
  const isExpected =
    error instanceof NotReady || ['BadEnv', 'MigrationFailed'].includes(error?.name)
  const cause = error?.cause ? `\n${error.cause}` : ''
  process.stderr.write(`${isExpected ? error.message + cause : (error?.stack ?? error)}\n`)
  process.exit(1)
})
