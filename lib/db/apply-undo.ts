import type { LedgerRow } from '@/lib/lvs/ledger'
import { database } from './client'
import type { Tx } from './transaction'

/** The timed undo of an apply, as Tunboard knows it: what is true of it its hosts say. Times are this process's. */
export type ApplyUndo = {
  seconds: number
  /** Who confirms: Tunboard itself, once the hosts answer over new connections, or a person. */
  confirmBy: 'server' | 'person'
  hosts: readonly { hostId: string; hostName: string }[]
  /** ISO 8601; counted from before the first timer was armed. */
  deadlineAt: string
  /** `partly`: not everything could be put back. `gone`: a host was rebooted, or nobody knows what became of it. */
  state: 'armed' | 'confirmed' | 'undone' | 'partly' | 'gone'
  /** Who confirmed, or let it be undone at once; absent where the timer did. */
  by?: string
  endedAt?: string
  /** Rows of the ledger that the apply may forget or rewrite, as they were before it; absent once it has ended. */
  ledger?: readonly LedgerRow[]
}

/** Reads the timed undo of an apply; `undefined` where none was armed. */
export async function getApplyUndo(
  id: string,
  tx: Tx = database(),
): Promise<ApplyUndo | undefined> {
  const row = await tx.apply.findUnique({ where: { id }, select: { undo: true } })
  // Written by updateApplyUndo alone, from the type itself.
  return row === null || row.undo === null ? undefined : (JSON.parse(row.undo) as ApplyUndo)
}

/** Writes the timed undo of an apply; with a state also that of the apply. */
export async function updateApplyUndo(
  tx: Tx,
  id: string,
  undo: ApplyUndo,
  state?: 'armed' | 'verified' | 'undone',
): Promise<void> {
  const data = { undo: JSON.stringify(undo), ...(state !== undefined && { state }) }
  await tx.apply.update({ where: { id }, data })
}

/** Lists the ids of applies whose timed undo is neither confirmed nor carried out, as far as Tunboard knows. */
export async function listArmed(tx: Tx = database()): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Apply" WHERE "undo" IS NOT NULL AND json_extract("undo", '$.state') = 'armed'`
  return rows.map(({ id }) => id)
}
