import { database } from './client'
import type { Prisma } from './generated/client'

/** What the writes of lib/db take: they run inside the transaction that their op opened. */
export type Tx = Prisma.TransactionClient

/** Longer than SQLite's busy timeout (5 s), so that its error is the one that is seen. */
const WAIT_MS = 10_000
/** A transaction holds the only connection: one that takes this long is a bug, and is rolled back. */
const RUN_MS = 10_000

/**
 * Runs `work` in one transaction; everything or nothing of it is kept.
 * Inside, only `tx` may be used: the client's other calls wait until the transaction has ended.
 */
export async function inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return database().$transaction(
    async (tx) => {
      // The adapter begins transactions as deferred. Where such a one reads first and another process writes before
      // its own first write, SQLite fails at once, without waiting. Writing nothing takes the write lock now, so
      // that everything which is read below is still true when it is acted on.
      await tx.$executeRaw`DELETE FROM "Setting" WHERE false`
      return work(tx)
    },
    { maxWait: WAIT_MS, timeout: RUN_MS },
  )
}
