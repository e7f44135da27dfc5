import { spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from './until'

/** A started process as it is recorded in the run folder; `started` tells it from a later one with its number. */
type Recorded = { pid: number; started: string }

type Stat = { session: number; state: string; started: string }

export type Launch = {
  run: string
  /** Names the record and the log: server2.kernel → server2.kernel.pid, server2.kernel.log. */
  name: string
  argv: string[]
  env?: Record<string, string>
  /** File descriptor for standard input. */
  input?: number
}

/** Starts a process in a session of its own, so that it outlives us and its children can be found by the session. */
export function launch(options: Launch): void {
  const [file, ...rest] = options.argv
  if (file === undefined) throw new Error('launch was called without a program')
  const log = openSync(join(options.run, `${options.name}.log`), 'w')
  const child = spawn(file, rest, {
    cwd: options.run,
    detached: true,
    env: { ...process.env, ...options.env },
    stdio: [options.input ?? 'ignore', log, log],
  })
  closeSync(log)
  child.on('error', () => undefined) // seen by isAlive: there is no record
  child.unref()
  if (child.pid === undefined) throw new Error(`${file} could not be started`)
  const started = readStat(child.pid)?.started ?? 'gone'
  const record: Recorded = { pid: child.pid, started }
  writeFileSync(join(options.run, `${options.name}.pid`), JSON.stringify(record))
}

/** Tells whether the recorded process itself still runs. */
export function isAlive(run: string, name: string): boolean {
  const record = readRecord(run, name)
  if (record === undefined) return false
  const stat = readStat(record.pid)
  return stat !== undefined && stat.state !== 'Z' && stat.started === record.started
}

/**
 * Ends a recorded process and its descendants, and waits until they are gone.
 * `from` is the folder of the image: what runs no program from there is not ours, whatever its number.
 */
export async function end(run: string, name: string, from: string): Promise<void> {
  const record = readRecord(run, name)
  if (record === undefined) return
  const leader = readStat(record.pid)
  const reused = leader !== undefined && leader.started !== record.started
  if (!reused) {
    const killAll = async () => {
      const members = await membersOf(record.pid, from)
      for (const pid of members) kill(pid)
      return members.length === 0
    }
    // Again until none is left: a kernel makes processes while we look.
    const otherwise = `${name} (process ${record.pid}) did not end`
    await until(killAll, { seconds: 10, otherwise })
  }
  rmSync(join(run, `${name}.pid`), { force: true })
}

/** Lists the names of all processes that are recorded in a run folder. */
export function recordedNames(run: string): string[] {
  if (!existsSync(run)) return []
  return readdirSync(run)
    .filter((file) => file.endsWith('.pid'))
    .map((file) => file.slice(0, -'.pid'.length))
}

function readRecord(run: string, name: string): Recorded | undefined {
  const file = join(run, `${name}.pid`)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Recorded) : undefined
}

/** Finds the members of a session that run a program below `from`; one that has ended runs none. */
async function membersOf(session: number, from: string): Promise<number[]> {
  const members: number[] = []
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry)
    if (!Number.isInteger(pid) || readStat(pid)?.session !== session) continue
    const program = await readlink(`/proc/${pid}/exe`).catch(() => '')
    if (program.startsWith(from)) members.push(pid)
  }
  return members
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Reads one process, e.g. `812 (linux.uml) S 1 812 812 0 …`; the name may hold spaces and brackets. */
function readStat(pid: number): Stat | undefined {
  let line: string
  try {
    line = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined // ended meanwhile
  }
  // After the name: 0 state, 3 session, 19 start in ticks since boot (proc(5) fields 3, 6, 22).
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return {
    state: fields[0] ?? '',
    session: Number(fields[3]),
    started: `${boot} ${fields[19]}`,
  }
}
