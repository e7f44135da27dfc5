import { type Connection, openConnection } from './connection'
import { type SshTarget, targetVersion } from './target'

/** Nobody asked for this long: the connection is closed. Longer holds sessions on hosts, shorter logs in again and again. */
const IDLE_MS = 5 * 60_000

type Entry = {
  version: string
  connection: Promise<Connection>
  users: number
  idle?: ReturnType<typeof setTimeout>
}

type Pool = Map<string, Entry>

/** One pool per process: Next makes several instances of each module, globalThis is the same in all of them. */
const POOL = Symbol.for('tunboard.ssh.pool')

function pool(): Pool {
  const holder = globalThis as { [POOL]?: Pool }
  holder[POOL] ??= new Map()
  return holder[POOL]
}

function drop(hostId: string, entry: Entry): void {
  clearTimeout(entry.idle)
  if (pool().get(hostId) === entry) pool().delete(hostId)
  entry.connection.then(
    (connection) => connection.close(),
    () => undefined,
  )
}

function dial(target: SshTarget, version: string): Entry {
  const entry: Entry = { version, connection: openConnection(target), users: 0 }
  entry.connection.then(
    (connection) => connection.onClose(() => drop(target.hostId, entry)),
    () => drop(target.hostId, entry),
  )
  pool().set(target.hostId, entry)
  return entry
}

/** Nobody uses the connection now: it may idle for a while, unless it was retired. */
function rest(hostId: string, entry: Entry): void {
  if (pool().get(hostId) !== entry) drop(hostId, entry)
  else entry.idle = setTimeout(() => drop(hostId, entry), IDLE_MS).unref()
}

/** Finds the host's connection, or dials; one made for another configuration is closed. */
async function entryFor(target: SshTarget): Promise<Entry> {
  const version = targetVersion(target)
  const found = pool().get(target.hostId)
  if (found !== undefined && found.version === version) {
    const connection = await found.connection
    if (!connection.closed) return found
  }
  // somebody else may have dialled while we waited
  const newer = pool().get(target.hostId)
  if (newer !== undefined && newer !== found && newer.version === version) return newer
  closeHost(target.hostId)
  return dial(target, version)
}

/**
 * Lends the host's one connection to `work`; it is made when there is none, pinned to the approved key, and closed five
 * minutes after its last use. Throws Unreachable, and what `work` throws.
 */
export async function withConnection<T>(
  target: SshTarget,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const entry = await entryFor(target)
  clearTimeout(entry.idle)
  entry.users += 1
  try {
    return await work(await entry.connection)
  } finally {
    entry.users -= 1
    if (entry.users === 0) rest(target.hostId, entry)
  }
}

/** Connects to a host if it is not connected yet, e.g. to test a credential. Throws Unreachable. */
/** Lends the host's connection where there is one that is open; without one nothing is done. */
export async function withOpenConnection(
  hostId: string,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  const entry = pool().get(hostId)
  const connection = await entry?.connection.catch(() => undefined)
  if (connection === undefined || connection.closed) return
  await withConnection(connection.target, work)
}

export async function connectHost(target: SshTarget): Promise<void> {
  await withConnection(target, async () => undefined)
}

/**
 * Lets the next use of a host dial anew: it was edited or deleted, or its connection does not answer any more. Work
 * that is under way keeps its connection, which is closed when the last of it ends.
 */
export function closeHost(hostId: string): void {
  const entry = pool().get(hostId)
  if (entry === undefined) return
  pool().delete(hostId)
  if (entry.users === 0) drop(hostId, entry)
}

/** Closes every connection, at shutdown; resolves when all are closed. */
export async function closeAll(): Promise<void> {
  const entries = [...pool().entries()]
  await Promise.all(
    entries.map(async ([hostId, entry]) => {
      const connection = await entry.connection.catch(() => undefined)
      const closing =
        connection === undefined || connection.closed
          ? undefined
          : new Promise<void>((resolve) => connection.onClose(resolve))
      drop(hostId, entry)
      await closing
    }),
  )
}
