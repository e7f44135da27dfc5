import { randomUUID } from 'node:crypto'
import {
  type Apply,
  type ApplySummary,
  getApply,
  listApplies,
  updateApplyRecovery,
} from '@/lib/db/applies'
import { getApplyUndo } from '@/lib/db/apply-undo'
import { dropLedger, listIntendedApplies, listLedger, saveLedger } from '@/lib/db/ledger'
import { releaseLocks, takeLocks } from '@/lib/db/locks'
import { inTransaction } from '@/lib/db/transaction'
import { Conflict, TunboardError } from '@/lib/errors'
import { log } from '@/lib/log'
import type { SavePlan } from '@/lib/lvs/file-steps'
import { type Fates, settleLedger } from '@/lib/lvs/ledger-change'
import { recoveryOf } from '@/lib/lvs/recovery'
import type { HostState } from '@/lib/lvs/running'
import { fatesOf } from './fates'
import { readHosts } from './read-world'
import { keepItems } from './record-save'

const isOfFiles = ({ kind }: Apply): boolean =>
  kind === 'save' || kind === 'put-back' || kind === 'uninstall'

/** What the journal knows; with the fences held nothing of it is on its way any more. */
const fatesUnderFence = ({ id, plan, steps }: Apply): Fates => ({
  ...fatesOf(id, plan, steps),
  unknown: new Set(),
})

/** Writes what reading shows: the apply's recovery, and the ledger as what was intended turned out. */
async function settle(apply: Apply, hosts: readonly HostState[], at: Date): Promise<void> {
  const recovery = recoveryOf(apply.plan, hosts)
  await inTransaction(async (tx) => {
    const { saved, dropped } = settleLedger(
      apply.plan,
      await listLedger({}, tx),
      hosts,
      fatesUnderFence(apply),
    )
    await saveLedger(tx, saved)
    await dropLedger(tx, dropped)
    if (isOfFiles(apply))
      for (const { host } of hosts) await keepItems(tx, apply.plan as SavePlan, host.id)
    await updateApplyRecovery(tx, apply.id, { ...recovery, at: at.toISOString() })
  })
  const what = apply.state === 'interrupted' ? 'An interrupted apply' : 'A failed apply'
  log.info(`${what} was looked at`, { apply: apply.id, state: recovery.state })
}

/**
 * Looks at one apply: takes the locks of its hosts, which a dead owner loses within 30 s, so that nothing of it
 * still runs, reads them, and writes what it came to.
 */
async function recover(id: string, now: Date): Promise<void> {
  const apply = await getApply(id)
  const hostIds = [...new Set(apply.plan.steps.map(({ hostId }) => hostId))]
  const leases = await takeLocks(hostIds, { owner: 'Tunboard', reason: 'recovery', now })
  try {
    // a batch that was sent may still run there, whatever became of the connection: its shell holds the fence
    const fence = { token: randomUUID(), who: 'Tunboard: recovery' }
    const hosts = await readHosts(hostIds, { saved: isOfFiles(apply), fence, give: true })
    await settle(apply, hosts, new Date())
  } finally {
    await releaseLocks(leases, new Date())
  }
}

/** An apply is looked at until every host of it was read; where another one came after it, that one says more. */
async function isOpen({ id, subject, recovery }: ApplySummary): Promise<boolean> {
  if (recovery !== undefined && recovery.state !== 'unread') return false
  const of = subject.kind === 'cluster' ? { clusterId: subject.id } : { hostId: subject.id }
  const [last] = await listApplies({ ...of, limit: 1 })
  return last?.id === id
}

/** Interrupted ones, and those that failed with a reply lost or before they began: nobody has read what came of those rows. */
async function listUnsettled(): Promise<ApplySummary[]> {
  const intended = await listIntendedApplies()
  const failed = intended.size === 0 ? [] : await listApplies({ state: 'failed' })
  return [
    ...(await listApplies({ state: 'interrupted' })),
    ...failed.filter(({ id }) => intended.has(id)),
  ]
}

/**
 * Says of each apply that was interrupted what it came to: applied, not applied, or partial with the exact difference;
 * and settles the rows of the ledger that a failed one left as intended. Those whose hosts cannot be read, or are locked, come again the next time.
 */
export async function recoverApplies(now: () => Date = () => new Date()): Promise<void> {
  for (const apply of await listUnsettled()) {
    if (!(await isOpen(apply)) || (await getApplyUndo(apply.id))?.state === 'armed') continue
    try {
      await recover(apply.id, now())
    } catch (error) {
      if (!(error instanceof TunboardError)) throw error
      if (!(error instanceof Conflict)) log.warn('An apply could not be looked at', { error })
    }
  }
}
