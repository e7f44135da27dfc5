import { getCluster } from '@/lib/db/clusters'
import { listLedger } from '@/lib/db/ledger'
import type { SavePlan } from '@/lib/lvs/file-steps'
import { planSave } from '@/lib/lvs/plan-save'
import type { HostState, RunningService } from '@/lib/lvs/running'
import { unsavedForeign } from '@/lib/lvs/save-targets'
import type { ServiceKey } from '@/lib/lvs/service'
import type { Fence } from '@/lib/ssh/batch'
import { applyJob, type Started } from './apply-job'
import type { Context } from './context'
import { fingerprintOf, type Planned } from './plan-now'
import { readHosts } from './read-world'
import { recordSave, rememberWritten } from './record-save'
import {
  hostIdsOf,
  hostName,
  type Known,
  knownForSaving,
  type SaveScope,
  waitingOf,
  withFiles,
} from './save-scope'

/** A foreign service that somebody ticked. */
export type Included = { hostId: string; service: ServiceKey }

/** A plan of files with the services that would still not come back: nobody's of ours, running, in no file. */
export type PlannedSave = Omit<Planned, 'plan'> & {
  plan: SavePlan
  unsavedForeign: readonly {
    hostId: string
    hostName: string
    services: readonly RunningService[]
  }[]
}

/** What is planned of the files of hosts, by one way of planning. */
export type FilePlanning = {
  hostIds: readonly string[]
  known: Known
  desiredVersion: number
  plan: (states: readonly HostState[], known: Known) => SavePlan
}

/** Reads hosts with their files and plans what becomes of these; hosts that cannot be read wait. */
export async function planFilesNow(
  planning: FilePlanning,
  reading: { fence?: Fence } = {},
): Promise<PlannedSave> {
  const { hostIds, known, desiredVersion } = planning
  const started = performance.now()
  const hosts = await readHosts(hostIds, { saved: true, ...reading })
  const readMs = Math.round(performance.now() - started)
  const plan = planning.plan(hosts, known)
  return {
    ...{ plan, fingerprint: fingerprintOf(plan), desiredVersion, readAt: new Date(), readMs },
    ...{ hosts, foreign: [], ledger: known.ledger, files: true },
    unsavedForeign: withFiles(hosts).map((world) => ({
      hostId: world.host.id,
      hostName: world.host.name,
      services: unsavedForeign(world, known.ledger),
    })),
    async readAgain({ give = false } = {}) {
      const again = await readHosts(hostIds, { saved: true, give })
      const ledger = await listLedger()
      return { hosts: again, ledger, left: planning.plan(again, known) }
    },
  }
}

const planningOf = async (
  scope: SaveScope,
  include: readonly Included[],
): Promise<FilePlanning> => {
  const known = await knownForSaving()
  const { version } = scope.kind === 'cluster' ? await getCluster(scope.id) : { version: 0 }
  const saving = scope.kind === 'cluster' ? [scope.id] : known.clusters.map(({ id }) => id)
  return {
    hostIds: hostIdsOf(scope, known),
    known,
    desiredVersion: version,
    plan: (states, { clusters, ledger, lastSaved }) =>
      planSave(
        withFiles(states),
        { clusters, saving, lastSaved, ledger, include },
        waitingOf(states),
      ),
  }
}

/** Plans what Save would write on the hosts of a scope, from what runs and what their files say now. Throws NotFound. */
export async function planSaveNow(
  scope: SaveScope,
  { include = [] }: { include?: readonly Included[] } = {},
): Promise<PlannedSave> {
  return planFilesNow(await planningOf(scope, include))
}

const nameOf = async ({ kind, id }: SaveScope): Promise<string> =>
  kind === 'cluster' ? (await getCluster(id)).desired.name : hostName(id)

/**
 * Saves: what runs as desired comes back after a reboot. With a fingerprint the plan that was read, without one whatever
 * is to be written now: the one click. Throws Conflict: `plan-refused`, `plan-empty` (saved already), `plan-moved`,
 * `locked`; NotFound.
 */
export async function saveRules(
  context: Context,
  request: { scope: SaveScope; fingerprint?: string; include?: readonly Included[] },
): Promise<Started> {
  const { scope, fingerprint, include = [] } = request
  const planning = await planningOf(scope, include)
  const plan = async (fence: Fence): Promise<Planned> => {
    const planned = await planFilesNow(await planningOf(scope, include), { fence })
    const before = withFiles(planned.hosts)
    await rememberWritten(planned.plan, before)
    const clusterId = scope.kind === 'cluster' ? { clusterId: scope.id } : {}
    const record = recordSave({ context, kind: 'save', plan: planned.plan, before, ...clusterId })
    return { ...planned, record }
  }
  const subject = { kind: scope.kind, id: scope.id, name: await nameOf(scope) }
  const options = { include }
  const job = {
    subject,
    kind: 'save',
    action: 'save-rules',
    options,
    hostIds: planning.hostIds,
    plan,
  } as const
  return applyJob(context, job, fingerprint)
}
