import { itemValue } from './item-value'
import { formatItem, type LedgerRow } from './ledger'
import type { Plan } from './plan'
import type { HostState } from './running'

type RowName = Pick<LedgerRow, 'hostId' | 'item'>

/** Names an item on its host, as one text. */
const nameOf = ({ hostId, item }: RowName): string => `${hostId} ${formatItem(item)}`

/** Gives the rows of the ledger that a plan may forget or rewrite, as they are before it. */
export function rowsTouched(plan: Plan, ledger: readonly LedgerRow[]): LedgerRow[] {
  const steps = plan.steps.flatMap(({ hostId, item }) =>
    item === undefined ? [] : [{ hostId, item }],
  )
  const touched = new Set([...steps, ...plan.bookkeeping].map(nameOf))
  return ledger.filter((row) => touched.has(nameOf(row)))
}

/**
 * Gives those of the rows that are true again after an undo: what the host has is what we had written, and ours. Without
 * them what a removal had forgotten and an undo gave back would be somebody else's.
 */
export function rowsBack(rows: readonly LedgerRow[], hosts: readonly HostState[]): LedgerRow[] {
  const states = new Map(hosts.map(({ host, running }) => [host.id, running]))
  return rows.filter(({ hostId, item, written }) => {
    const running = states.get(hostId)
    return running !== undefined && written !== undefined && itemValue(running, item) === written
  })
}
