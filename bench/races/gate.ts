import { AsyncLocalStorage } from 'node:async_hooks'
import type { PrismaClient } from '@/lib/db/generated/client'
import type { WarmShell } from '@/lib/ssh/shell'
import { wrapConnections } from '../fleet/connections'

/** What waits for its turn: an operator's next statement, transaction or exchange. */
export type Waiting = { party: string; what: string; go: () => void }

/**
 * Where operators stop before each thing that others could see, until it is their turn. Between two such points only this
 * process's own computing happens, which nobody else can observe.
 */
export type Gate = {
  /** Runs an operator's work, which stops at the gate. */
  as<T>(party: string, work: () => Promise<T>): Promise<T>
  /** Waits for a turn, does it, and tells that it is over. Work of nobody passes at once. */
  pass<T>(what: string, turn: () => PromiseLike<T>): Promise<T>
}

/** Makes a gate: `onWaiting` hears of each that waits, `onOver` when its turn has ended. */
export function createGate(onWaiting: (waiting: Waiting) => void, onOver: () => void): Gate {
  const parties = new AsyncLocalStorage<string>()
  return {
    as: (party, work) => parties.run(party, work),
    async pass(what, turn) {
      const party = parties.getStore()
      if (party === undefined) return turn()
      await new Promise<void>((go) => onWaiting({ party, what, go }))
      try {
        return await turn()
      } finally {
        onOver()
      }
    },
  }
}

type Call = (...args: unknown[]) => PromiseLike<unknown>
const isCall = (value: unknown): value is Call => typeof value === 'function'

/** A model of the client: each of its queries is one turn. */
function gatedModel(model: object, name: string, gate: Gate): object {
  return new Proxy(model, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (!isCall(value)) return value
      return (...args: unknown[]) =>
        gate.pass(`${name}.${String(key)}`, () => value.apply(target, args))
    },
  })
}

/** Lets each query outside a transaction, and each whole transaction, wait for its turn: SQLite lets nothing in between. */
export function gatedDatabase(client: PrismaClient, gate: Gate): PrismaClient {
  return new Proxy(client, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      const name = String(key)
      if (isCall(value)) {
        if (!/^\$(transaction|queryRaw|executeRaw)/.test(name)) return value.bind(target)
        return (...args: unknown[]) => gate.pass(name, () => value.apply(target, args))
      }
      return typeof value === 'object' && value !== null ? gatedModel(value, name, gate) : value
    },
  })
}

const gatedShell = (shell: WarmShell, host: string, gate: Gate): WarmShell => ({
  exchange: (exchange) => gate.pass(`exchange with ${host}`, () => shell.exchange(exchange)),
  get packs() {
    return shell.packs
  },
  get closed() {
    return shell.closed
  },
  close: () => shell.close(),
})

/** Lets each exchange with a host that is connected wait for its turn. */
export const gateConnections = (gate: Gate): Promise<void> =>
  wrapConnections((shell, host) => gatedShell(shell, host, gate))
