import { type ApplySummary, listApplies } from '@/lib/db/applies'
import { getApplyUndo } from '@/lib/db/apply-undo'

/** What the timed undo of a cluster's newest apply asks of a person; `until` in milliseconds since 1970. */
export type UndoState =
  | { state: 'armed'; applyId: string; until: number }
  | { state: 'undone'; applyId: string }

/** Reads whether an apply waits for a person to confirm it, or was taken back by its hosts. */
export async function undoStateOf(last: ApplySummary | undefined): Promise<UndoState | undefined> {
  if (last?.state === 'undone') return { state: 'undone', applyId: last.id }
  if (last?.state !== 'armed') return undefined
  const undo = await getApplyUndo(last.id)
  // one that Tunboard confirms by itself needs nobody
  if (undo?.state !== 'armed' || undo.confirmBy !== 'person') return undefined
  return { state: 'armed', applyId: last.id, until: Date.parse(undo.deadlineAt) }
}

/** Reads the same of a cluster. */
export async function readUndoState(clusterId: string): Promise<UndoState | undefined> {
  const [last] = await listApplies({ clusterId, changes: 'running', limit: 1 })
  return undoStateOf(last)
}
