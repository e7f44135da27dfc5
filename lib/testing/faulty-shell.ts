import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

/** A shell with the tools that it brings itself, by name: only busybox has any. */
export type Shell = {
  name: string
  file: string
  args: readonly string[]
  tools: Readonly<Record<string, string>>
}

/** Where the power fails: at the n-th tool that is started, before it, after it, or when it has written five bytes. */
export type Fault = { at: number; when: 'before' | 'after' | 'half' }

export type Ran = { exit: number | null; stderr: string; tools: string[] }

/** What the scripts of put-file.ts start; their order of calls is what a power cut may fall between. */
const TOOLS = ['cat', 'chmod', 'cksum', 'cp', 'flock', 'head', 'mkdir', 'mv', 'rm', 'rmdir', 'sync']
const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin']

const found = (name: string): string | undefined =>
  FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path))

const isSame = (name: string, other: string): boolean => {
  const paths = [found(name), found(other)].map((path) => path && realpathSync(path))
  return paths[0] !== undefined && paths[0] === paths[1]
}

/** Lists the shells of this machine: `sh`, and dash, bash and busybox where they are, each once. */
export function findShells(): Shell[] {
  const plain = ['sh', 'dash', 'bash'].flatMap((name) => {
    const file = found(name)
    // bash takes a socket on its standard input, which Node gives it, for a remote login, and would read .bashrc
    const args = name === 'bash' ? ['--norc'] : []
    if (file === undefined || (name !== 'sh' && isSame('sh', name))) return []
    return [{ name, file, args, tools: {} }]
  })
  const busybox = found('busybox')
  if (busybox === undefined) return plain
  const applets = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).split('\n')
  const own = TOOLS.filter((name) => applets.includes(name))
  const tools = Object.fromEntries(own.map((name) => [name, `${busybox} ${name}`]))
  return [...plain, { name: 'busybox', file: busybox, args: ['sh'], tools }]
}

// kill 0 ends everybody of the process group at once, as a power cut would
const SHIM = (name: string, real: string) => `#!/bin/sh
echo ${name} >>"$FAULT_LOG"
if [ "$(wc -l <"$FAULT_LOG")" -ne "$FAULT_AT" ]; then exec ${real} "$@"; fi
case $FAULT_WHEN in
  half) dd bs=5 count=1 2>/dev/null;;
  after) ${real} "$@";;
esac
kill -9 0
`

/**
 * Puts a program before each tool that writes down its call and may end the whole process group, and gives the functions
 * that call them: busybox would take its own tools before those of the path.
 */
function makeShims(folder: string, { tools }: Shell): string {
  mkdirSync(folder, { recursive: true })
  const functions = TOOLS.map((name) => `${name}() { ${join(folder, name)} "$@"; }; `)
  for (const name of TOOLS) {
    const path = join(folder, name)
    const real = tools[name] ?? found(name)
    if (real === undefined || existsSync(path)) continue
    writeFileSync(path, SHIM(name, real))
    chmodSync(path, 0o755)
  }
  return functions.join('')
}

/**
 * Runs `sh -c SCRIPT …` under a shell of this machine, with a fault at a place of its own or none. `exit` is null when it
 * was ended by the fault. `folder` is for programs and notes of this run.
 */
export function runFaulty(
  shell: Shell,
  argv: readonly string[],
  options: { folder: string; stdin?: string; fault?: Fault; fileLimit?: number },
): Promise<Ran> {
  const { folder, stdin = '', fault, fileLimit } = options
  const functions = makeShims(join(folder, `tools-${shell.name}`), shell)
  const log = join(folder, `calls-${process.hrtime.bigint()}`)
  writeFileSync(log, '')
  const limit = fileLimit === undefined ? '' : `ulimit -f ${fileLimit}; `
  const [script = '', ...rest] = argv.slice(2)
  const settings = [
    ...[`PATH=${FOLDERS.join(':')}`, 'LC_ALL=C', `FAULT_LOG=${log}`],
    ...[`FAULT_AT=${fault?.at ?? 0}`, `FAULT_WHEN=${fault?.when ?? 'before'}`],
  ]
  const command = [shell.file, ...shell.args, '-c', functions + limit + script, ...rest]
  const child = spawn('env', ['-i', ...settings, ...command], { detached: true })
  child.stdin.on('error', () => undefined)
  child.stdin.end(stdin)
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8')
  })
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', (exit) => {
      const tools = readFileSync(log, 'utf8').split('\n').slice(0, -1)
      rmSync(log)
      done({ exit, stderr, tools })
    })
  })
}
