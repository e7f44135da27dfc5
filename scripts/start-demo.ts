import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Lab, startLab } from '@/lab/lab'
import { holdPort } from './hold-port'
import { ensureBuild, root } from './ready.mjs'

/** A Tunboard of its own beside a lab of its own, with the tutorial's cluster ready to apply. */
export type Demo = {
  url: string
  email: string
  password: string
  clusterId: string
  lab: Lab
  /** Resolves when Tunboard ended without being asked to. */
  ended: Promise<void>
}

export type DemoOptions = {
  /** The first port to try. */
  port: number
  say: (sentence: string) => void
}

/**
 * Puts the settings of the demo in place of those of the person who runs it: his database is not a demo's, and the key
 * that the demo's credentials are sealed with goes with them.
 */
function settle(dataDir: string, port: number): void {
  Object.assign(process.env, {
    DATA_DIR: dataDir,
    DATABASE_URL: '',
    DATABASE_AUTH_TOKEN: '',
    TUNBOARD_SECRET_KEY: randomBytes(24).toString('base64'),
    PUBLIC_URL: '',
    HOST: '127.0.0.1',
    PORT: String(port),
  })
}

/** Starts Tunboard as `npm start` does, and waits until its first page answers. */
function startTunboard(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(root, 'scripts/start.mjs')], {
    cwd: root,
    // Ctrl-C of a terminal goes to a whole group; this child is told by us, in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('Tunboard did not start: see the lines above.')))
    child.stdout.on('data', (text: Buffer) => {
      if (text.toString().includes('Tunboard is at')) resolve(child)
    })
  })
}

const exitOf = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.once('exit', () => resolve())
  })

/** Prepares a demo. `stop` ends whatever of it runs, also while it is starting, and removes all that it wrote. */
export function createDemo({ port: wanted, say }: DemoOptions) {
  const dataDir = mkdtempSync(join(tmpdir(), 'tunboard-demo-'))
  let labStart: Promise<Lab> | undefined
  let tunboard: Promise<ChildProcess> | undefined
  let stopping: Promise<void> | undefined

  async function prepareWorld(lab: Lab) {
    say('Registering the hosts and preparing the cluster of the tutorial…')
    // Imported late: what it imports reads the settings.
    const { DEMO_EMAIL, makeDemoWorld } = await import('./demo-world')
    return { email: DEMO_EMAIL, ...(await makeDemoWorld(lab)) }
  }

  async function start(): Promise<Demo> {
    const held = await holdPort(wanted)
    settle(dataDir, held.port)
    labStart = startLab({ onProgress: say })
    // Kernels boot and are probed while the build is busy.
    const [lab, world] = await Promise.all([labStart, labStart.then(prepareWorld), ensureBuild()])
    await held.release()
    tunboard = startTunboard()
    const ended = exitOf(await tunboard)
    return { url: `http://127.0.0.1:${held.port}`, ...world, lab, ended }
  }

  async function end(): Promise<void> {
    const child = await tunboard?.catch(() => undefined)
    if (child !== undefined) {
      const ended = exitOf(child)
      child.kill('SIGTERM')
      await ended
    }
    const lab = await labStart?.catch(() => undefined)
    await lab?.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }

  return {
    start,
    stop: () => {
      stopping ??= end()
      return stopping
    },
  }
}
