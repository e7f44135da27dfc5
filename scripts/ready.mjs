// Makes the tree ready to run: dependencies, generated client, build; each only when stale. Plain Node without
// dependencies, because on a fresh clone there are none yet.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const distDir = process.env.NEXT_DIST_DIR || '.next'
/** A person reads its message; it needs no stack. */
export class NotReady extends Error {}

export const say = (sentence) => process.stdout.write(`${sentence}\n`)
export const bin = (name) => join(root, 'node_modules/.bin', name)

/** Runs a command in the project and resolves to its exit code; `quiet` keeps its output for a failure. */
export function run(command, args, { quiet = false, env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env },
    })
    const output = []
    child.stdout?.on('data', (chunk) => output.push(chunk))
    child.stderr?.on('data', (chunk) => output.push(chunk))
    child.on('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`)
      resolve(127)
    })
    child.on('close', (code) => {
      if (code !== 0) process.stderr.write(Buffer.concat(output))
      resolve(code ?? 1)
    })
  })
}

/** Refuses a Node that Prisma or Next refuse, with a sentence instead of their stack. */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24
  if (!fits)
    throw new NotReady(`Tunboard needs Node 20.19, 22.12, 24 or newer; this is Node ${version}.`)
}

function readPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined
}

/** Says whether what is installed is what the lock file names; times of files say nothing after a checkout. */
function areDependenciesStale() {
  const wanted = readPackages(join(root, 'package-lock.json'))
  const installed = readPackages(join(root, 'node_modules/.package-lock.json'))
  if (installed === undefined) return true
  return Object.entries(wanted).some(([path, { version, optional, peer }]) => {
    if (path === '') return false
    const found = installed[path]
    return found === undefined ? !(optional || peer) : found.version !== version
  })
}

export async function ensureDependencies() {
  if (!areDependenciesStale()) return
  const isFirst = !existsSync(join(root, 'node_modules'))
  say(`Installing dependencies (${isFirst ? 'first time' : 'they changed'}, about a minute)…`)
  if ((await run('npm', ['ci', '--loglevel=error'])) !== 0)
    throw new NotReady('The dependencies could not be installed: see the lines above.')
}

/** Hashes the content of files and folders; tests and generated code do not change what is built. */
function hashOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths.flatMap(listFiles)) hash.update(`${path}\0`).update(readFileSync(path))
  return hash.digest('hex')
}

function listFiles(path) {
  const full = join(root, path)
  if (!existsSync(full)) return []
  if (!statSync(full).isDirectory()) return [full]
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !/\.test\.tsx?$|\/lib\/db\/generated\/|\/lib\/testing\//.test(file))
    .sort()
}

/** Tells whether the process that wrote a lock file is gone; a file that is gone itself is nobody's. */
function isAbandoned(file) {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

/** Takes a lock file, or waits for the process that holds it; resolves to what gives it back. */
async function lock(file) {
  mkdirSync(dirname(file), { recursive: true })
  for (let isFirst = true; ; isFirst = false) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return () => rmSync(file, { force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (isAbandoned(file)) rmSync(file, { force: true })
    else if (isFirst) say('Waiting for another start, which makes the same…')
    await wait(200)
  }
}

/** Runs `make` unless the stamp says that it ran with the same inputs. Of two starts at once, one makes and one waits. */
async function ensure(stamp, inputs, make) {
  const file = join(root, stamp)
  const isFresh = () => existsSync(file) && readFileSync(file, 'utf8') === hashOf(inputs)
  if (isFresh()) return
  const unlock = await lock(join(root, 'node_modules/.cache/tunboard', `${stamp}.lock`))
  try {
    if (isFresh()) return
    const hash = hashOf(inputs)
    await make()
    writeFileSync(file, hash)
  } finally {
    unlock()
  }
}

/** Generates the Prisma client, which is not committed. */
export const ensureClient = () =>
  ensure('lib/db/generated/.inputs', ['prisma/schema.prisma', 'prisma.config.ts'], async () => {
    say('Generating the database client…')
    if ((await run(bin('prisma'), ['generate'], { quiet: true })) !== 0)
      throw new NotReady('The database client could not be generated: see the lines above.')
  })

const BUILD_INPUTS = [
  'app',
  'lib',
  'public',
  'prisma/schema.prisma',
  'instrumentation.ts',
  'proxy.ts',
  'next.config.ts',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
]

/** Builds the app for production. Resolves to whether a build was needed. */
export async function ensureBuild() {
  let isNew = false
  await ensure(join(distDir, 'inputs'), BUILD_INPUTS, async () => {
    isNew = true
    say('Building Tunboard (after each change of it, half a minute)…')
    if ((await run(bin('next'), ['build'], { quiet: true })) !== 0)
      throw new NotReady('Tunboard could not be built: see the lines above.')
  })
  return isNew
}
