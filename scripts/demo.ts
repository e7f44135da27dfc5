import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Lab, startLab, whyNoLab } from '@/lab/lab'
import { ensureBuild, root } from './ready.mjs'

// `npm run demo`: real kernels, a cluster ready to apply, and real packets as soon as it is applied.

/** Gentle: a laptop does not notice it, and the distribution has its verdict within 15 s. */
const REQUESTS_PER_SECOND = 4

const say = (sentence: string) => process.stdout.write(`${sentence}\n`)

/** Finds a free port, from the one wanted upwards, so that two demos can run side by side. */
async function freePort(wanted: number): Promise<number> {
  const isFree = await new Promise<boolean>((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(wanted, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
  return isFree ? wanted : freePort(wanted + 1)
}

function startTunboard(port: number, dataDir: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(root, 'scripts/start.mjs')], {
    cwd: root,
    // Ctrl-C of a terminal goes to a whole group; this child is told by us, in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PORT: String(port), HOST: '127.0.0.1', DATA_DIR: dataDir },
  })
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('Tunboard did not start: see the lines above.')))
    child.stdout.on('data', (text: Buffer) => {
      if (text.toString().includes('Tunboard is at')) resolve(child)
    })
  })
}

/** Waits for the first apply that was verified, then sends requests from the client's kernel to the VIP. */
async function sendTrafficAfterFirstApply(lab: Lab, clusterId: string): Promise<void> {
  const { listApplies } = await import('@/lib/db/applies')
  for (;;) {
    const applies = await listApplies({ clusterId, state: 'verified', limit: 1 })
    if (applies.length > 0) break
    await wait(500)
  }
  await lab.startTraffic({ perSecond: REQUESTS_PER_SECOND })
  say(`The client sends ${REQUESTS_PER_SECOND} requests per second to 172.25.254.100 now.`)
}

async function main(): Promise<void> {
  const begin = Date.now()
  const reason = await whyNoLab()
  if (reason !== undefined) {
    process.stderr.write(
      `The demo needs kernels of its own, and cannot have them here: ${reason}\n`,
    )
    process.exit(1)
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'tunboard-demo-'))
  process.env.DATA_DIR = dataDir
  const port = await freePort(Number(process.env.PORT ?? 3000))
  const running: { lab?: Lab; tunboard?: ChildProcess } = {}

  const stop = async () => {
    say('\nStopping the demo…')
    const { tunboard, lab } = running
    if (tunboard !== undefined && tunboard.exitCode === null) {
      tunboard.removeAllListeners('exit')
      const ended = new Promise((resolve) => tunboard.once('exit', resolve))
      tunboard.kill('SIGTERM')
      await ended
    }
    await lab?.stop()
    rmSync(dataDir, { recursive: true, force: true })
    process.exit(0)
  }
  process.once('SIGINT', () => void stop())
  process.once('SIGTERM', () => void stop())

  const [lab] = await Promise.all([startLab({ onProgress: say }), ensureBuild()])
  running.lab = lab
  say('Registering the hosts and preparing the cluster of the tutorial…')
  const { DEMO_EMAIL, makeDemoWorld } = await import('./demo-world')
  const { password, clusterId } = await makeDemoWorld(lab)
  running.tunboard = await startTunboard(port, dataDir)
  const seconds = ((Date.now() - begin) / 1000).toFixed(0)
  say(`
Tunboard is at http://127.0.0.1:${port}  (ready after ${seconds} s)

  Log in      ${DEMO_EMAIL}
  Password    ${password}      (made for this demo alone)

  1. Open the cluster "www" and its Plan: every command, on every host, and why. Nothing has happened yet.
  2. Click Apply, and watch each step on three real kernels; then traffic starts by itself.
  3. Open Live: the counts alternate between server2 and server3.
  4. Add server4 as a real server, or drain server3, and watch where the connections go.

Ctrl-C ends the demo and everything it started.`)
  await sendTrafficAfterFirstApply(lab, clusterId)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
  process.kill(process.pid, 'SIGTERM')
})
