import { getSave, type Save } from '@/lib/db/saves'
import { planPutBack } from '@/lib/lvs/plan-put-back'
import type { Fence } from '@/lib/ssh/batch'
import { applyJob, type Started } from './apply-job'
import type { Context } from './context'
import type { Planned } from './plan-now'
import { recordSave } from './record-save'
import { type FilePlanning, type PlannedSave, planFilesNow } from './save-rules'
import { hostName, knownForSaving, waitingOf, withFiles } from './save-scope'

/** The files as they were after an earlier save. */
const earlierOf = ({ hostId, files, enabled, items }: Save) => ({
  ...{ hostId, enabled, items },
  files: Object.fromEntries(files.map(({ path, after }) => [path, after])),
})

async function planningOf(save: Save): Promise<FilePlanning> {
  return {
    hostIds: [save.hostId],
    known: await knownForSaving(),
    desiredVersion: 0,
    plan: (states, { lastSaved }) =>
      planPutBack(withFiles(states), [earlierOf(save)], lastSaved, waitingOf(states)),
  }
}

/** Plans that the files of a host become what they were after an earlier save. Throws NotFound. */
export async function planPutBackNow(saveId: string): Promise<PlannedSave> {
  return planFilesNow(await planningOf(await getSave(saveId)))
}

/** Puts the files of an earlier save back, as the plan with this fingerprint says. Throws Conflict and NotFound. */
export async function putBack(
  context: Context,
  { saveId, fingerprint }: { saveId: string; fingerprint: string },
): Promise<Started> {
  const save = await getSave(saveId)
  const plan = async (fence: Fence): Promise<Planned> => {
    const planned = await planFilesNow(await planningOf(save), { fence })
    const before = withFiles(planned.hosts)
    return {
      ...planned,
      record: recordSave({ context, kind: 'put-back', plan: planned.plan, before }),
    }
  }
  const subject = { kind: 'host', id: save.hostId, name: await hostName(save.hostId) } as const
  const options = { save: saveId }
  const hostIds = [save.hostId]
  const job = {
    subject,
    kind: 'put-back',
    action: 'put-back-save',
    options,
    hostIds,
    plan,
  } as const
  return applyJob(context, job, fingerprint)
}
