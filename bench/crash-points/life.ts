import { AsyncLocalStorage } from 'node:async_hooks'
import type { PrismaClient } from '@/lib/db/generated/client'
import type { WarmShell } from '@/lib/ssh/shell'
import { type Gate, gatedDatabase } from '../races/gate'

/** A process of ours, as far as a case is concerned: dead, it reaches neither the database nor a host any more. */
export type Life = { dead: boolean; statements: number }

const lives = new AsyncLocalStorage<Life>()

export const live = <T>(life: Life, work: () => Promise<T>): Promise<T> => lives.run(life, work)

/** What a dead process waits for. */
const never = new Promise<never>(() => undefined)

async function pass<T>(turn: () => PromiseLike<T>): Promise<T> {
  const life = lives.getStore()
  if (life === undefined) return turn()
  if (life.dead) return never
  life.statements += 1
  try {
    return await turn()
  } finally {
    life.statements -= 1
    if (life.dead) await never
  }
}

const gate: Gate = { as: (_, work) => work(), pass: (_, turn) => pass(turn) }

/** A database whose statements a dead process does not send. */
export const mortal = (client: PrismaClient): PrismaClient => gatedDatabase(client, gate)

const isDead = (life: Life | undefined): boolean => life?.dead === true

/** A shell that a dead process does not hear. */
export const mortalShell = (shell: WarmShell, exchange: WarmShell['exchange']): WarmShell => ({
  exchange: async (what) => {
    const life = lives.getStore()
    if (isDead(life)) return never
    const broken = await exchange(what)
    return isDead(life) ? never : broken
  },
  get packs() {
    return shell.packs
  },
  get closed() {
    return shell.closed
  },
  close: () => shell.close(),
})
