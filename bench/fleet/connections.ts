import type { Connection } from '@/lib/ssh/connection'
import type { WarmShell } from '@/lib/ssh/shell'

/** The pool of lib/ssh/client.ts, as far as it matters here. */
type Pool = Map<string, { connection: Promise<Connection> }>

export type WrapShell = (shell: WarmShell, host: string) => WarmShell

const WRAPPED = Symbol('wrapped')
type Wrapped = Connection & { [WRAPPED]: { bare: Connection } }

function wrapped(connection: Connection, wrap: WrapShell): Wrapped {
  return {
    ...connection,
    [WRAPPED]: { bare: connection },
    get closed() {
      return connection.closed
    },
    shell: async () => wrap(await connection.shell(), connection.target.name),
  }
}

const bareOf = (connection: Connection | Wrapped): Connection =>
  WRAPPED in connection ? connection[WRAPPED].bare : connection

/** Has each exchange with a host that is connected now go through `wrap`, in place of what wrapped it before. */
export async function wrapConnections(wrap: WrapShell): Promise<void> {
  const holder = globalThis as { [key: symbol]: Pool | undefined }
  for (const entry of holder[Symbol.for('tunboard.ssh.pool')]?.values() ?? []) {
    const connection = await entry.connection
    entry.connection = Promise.resolve(wrapped(bareOf(connection), wrap))
  }
}
