import { planUninstall } from '@/lib/lvs/plan-uninstall'
import type { Fence } from '@/lib/ssh/batch'
import { applyJob, type Started } from './apply-job'
import type { Context } from './context'
import type { Planned } from './plan-now'
import { recordSave } from './record-save'
import { type FilePlanning, type PlannedSave, planFilesNow } from './save-rules'
import { hostName, knownForSaving, waitingOf, withFiles } from './save-scope'

async function planningOf(hostId: string): Promise<FilePlanning> {
  return {
    hostIds: [hostId],
    known: await knownForSaving(),
    desiredVersion: 0,
    plan: (states, known) => planUninstall(withFiles(states), known, waitingOf(states)),
  }
}

/** Plans that nothing of Tunboard is left in the files of a host. */
export async function planUninstallNow(hostId: string): Promise<PlannedSave> {
  return planFilesNow(await planningOf(hostId))
}

/** Removes every trace of Tunboard from a host, as the plan with this fingerprint says. Throws Conflict. */
export async function uninstall(
  context: Context,
  { hostId, fingerprint }: { hostId: string; fingerprint: string },
): Promise<Started> {
  const plan = async (fence: Fence): Promise<Planned> => {
    const planned = await planFilesNow(await planningOf(hostId), { fence })
    const before = withFiles(planned.hosts)
    return {
      ...planned,
      record: recordSave({ context, kind: 'uninstall', plan: planned.plan, before }),
    }
  }
  const subject = { kind: 'host', id: hostId, name: await hostName(hostId) } as const
  const job = {
    subject,
    kind: 'uninstall',
    action: 'uninstall',
    options: {},
    hostIds: [hostId],
    plan,
  } as const
  return applyJob(context, job, fingerprint)
}
