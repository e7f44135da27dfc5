import { type Apply, getApply, listApplies } from '@/lib/db/applies'
import { listAuditEvents } from '@/lib/db/audit'
import { getCluster } from '@/lib/db/clusters'
import type { Failure } from '@/lib/errors'
import { GO_BACK_REFUSED, type GoBackRefused } from '@/lib/ops/go-back'
import { revertFailure } from '@/lib/ops/revert-desired'

/** A revert of the apply that a page shows. */
type TakenBack = { id: string; by: string; at: number; byItself: boolean }

/** What an apply has to do with reverting: whether it can be, was, is one, and what Tunboard did by itself. */
export type RevertView = {
  /** Why it cannot be reverted; absent where it can. */
  obstacle?: Failure
  /** The newest revert of it. */
  takenBack?: TakenBack
  /** The apply that it takes back itself. */
  takesBack?: string
  /** Nobody pressed a button for it. */
  byItself: boolean
  /** Why Tunboard did not go back from it, where the policy says that it should. */
  refused?: GoBackRefused
}

/** Written by revertApply alone. */
const isByItself = ({ options }: Pick<Apply, 'options'>): boolean =>
  typeof options === 'object' && options !== null && 'byItself' in options

async function readTakenBack(id: string): Promise<TakenBack | undefined> {
  const [last] = await listApplies({ revertOf: id, limit: 1 })
  if (last === undefined) return undefined
  const byItself = isByItself(await getApply(last.id))
  return { id: last.id, by: last.startedBy.name, at: last.startedAt.getTime(), byItself }
}

async function readRefused({ id, state, subject }: Apply): Promise<GoBackRefused | undefined> {
  if (state !== 'failed') return undefined
  const events = await listAuditEvents({ subject: `cluster:${subject.id}` })
  const event = events.find(
    ({ action, detail }) => action === 'go-back-refused' && detail.apply === id,
  )
  return GO_BACK_REFUSED.find((why) => why === event?.detail.why)
}

/** Reads what the page of an apply says about reverting; `undefined` for an apply of files. */
export async function readRevertView(apply: Apply): Promise<RevertView | undefined> {
  if (apply.subject.kind !== 'cluster') return undefined
  const { deletedAt } = await getCluster(apply.subject.id)
  const obstacle = revertFailure(apply, deletedAt !== undefined)
  const takenBack = await readTakenBack(apply.id)
  const refused = await readRefused(apply)
  return {
    byItself: isByItself(apply),
    ...(obstacle !== undefined && { obstacle }),
    ...(takenBack !== undefined && { takenBack }),
    ...(apply.revertOf !== undefined && { takesBack: apply.revertOf }),
    ...(refused !== undefined && { refused }),
  }
}
