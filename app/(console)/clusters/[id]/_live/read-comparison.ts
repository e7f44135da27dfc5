import { readPlan } from '@/app/_components/read-plan'
import { type ApplySummary, getApply, listApplies } from '@/lib/db/applies'
import { listDrains } from '@/lib/db/drains'
import type { Debt, Plan } from '@/lib/lvs/plan'
import type { Comparison, DebtView } from './page-facts'

/** A debt older than this many applies says since when only roughly. */
const APPLIES_TO_ASK = 5

/** Finds the oldest of the newest applies that, one after the other, left a debt on a host. */
async function leftBy(hostId: string, applies: readonly ApplySummary[]) {
  let oldest: ApplySummary | undefined
  for (const apply of applies) {
    const { plan } = await getApply(apply.id)
    if (!plan.debts.some((debt) => debt.hostId === hostId)) return oldest
    oldest = apply
  }
  return oldest
}

async function debtViews(clusterId: string, debts: readonly Debt[]): Promise<DebtView[]> {
  if (debts.length === 0) return []
  const applies = await listApplies({ clusterId, changes: 'running', limit: APPLIES_TO_ASK })
  return Promise.all(
    debts.map(async ({ hostId, hostName, items, why }): Promise<DebtView> => {
      const since = (await leftBy(hostId, applies))?.endedAt?.getTime()
      return {
        ...{ hostId, hostName, why, items: items.length },
        ...(since !== undefined && { since }),
      }
    }),
  )
}

/** Tells how the newest drain ended, as long as the plan still has an entry to remove. */
async function overOf(clusterId: string, { steps }: Plan): Promise<Comparison['over']> {
  const removes = steps.some(({ kind, change }) => kind === 'entry' && change === 'remove')
  if (!removes) return undefined
  const [newest] = await listDrains({ clusterId })
  return newest?.state === 'ended' || newest?.state === 'failed' ? newest.state : undefined
}

/** Compares running with desired by reading every host, and tells what of it the page of a cluster shows. */
export async function readComparison(clusterId: string): Promise<Comparison> {
  const { plan, hosts, foreign } = await readPlan(clusterId, false)
  const over = await overOf(clusterId, plan)
  return {
    unreachable: hosts.filter(({ running }) => running === undefined).map(({ host }) => host.id),
    debts: await debtViews(clusterId, plan.debts),
    foreign: foreign
      .map(({ hostName, services }) => ({ hostName, services: services.length }))
      .filter(({ services }) => services > 0),
    ...(over !== undefined && { over }),
  }
}
