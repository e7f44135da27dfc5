import { type ApplyKind, type ApplyState, listApplies } from '@/lib/db/applies'
import { listAuditEvents } from '@/lib/db/audit'

/** One change of what is desired, with who made it. */
export type DesiredMove = { id: string; who: string; action: string; what: string; at: number }

/** One apply that came in between; it may still run. */
export type ApplyMove = { id: string; who: string; kind: ApplyKind; state: ApplyState; at: number }

/** Why a plan is not the one any more that a person saw. Both empty: a host was changed by other means. */
export type Moved = { desired: readonly DesiredMove[]; applies: readonly ApplyMove[] }

/** What was on the page when the button was pressed: the desired version, and when its hosts were read. */
export type SeenPlan = { version: number; readAt: Date }

/** More than these since a page was opened, and nobody reads them one by one. */
const SHOWN = 10

/** Tells who changed what of a cluster, and who applied something to it, since a plan was shown; the newest first. */
export async function explainMove(
  clusterId: string,
  { version, readAt }: SeenPlan,
): Promise<Moved> {
  const events = await listAuditEvents({ subject: `cluster:${clusterId}` })
  const desired = events.filter(({ detail }) => Number(detail.version ?? 0) > version)
  const applies = await listApplies({ clusterId, changes: 'running', limit: SHOWN })
  return {
    desired: desired.slice(0, SHOWN).map(({ id, userName: who, action, detail, at }) => ({
      ...{ id, who, action, what: String(detail.what ?? ''), at: at.getTime() },
    })),
    applies: applies
      .filter(({ startedAt }) => startedAt >= readAt)
      .map(({ id, startedBy: { name: who }, kind, state, startedAt }) => ({
        ...{ id, who, kind, state, at: startedAt.getTime() },
      })),
  }
}
