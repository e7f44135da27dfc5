import { type Apply, getApply } from '@/lib/db/applies'
import { type ApplyUndo, getApplyUndo, updateApplyUndo } from '@/lib/db/apply-undo'
import { listDesiredClusters } from '@/lib/db/clusters'
import { getHostRefs } from '@/lib/db/hosts'
import { listLedger } from '@/lib/db/ledger'
import { inTransaction } from '@/lib/db/transaction'
import { Conflict, TunboardError } from '@/lib/errors'
import { planCluster } from '@/lib/lvs/plan-cluster'
import { hostsOf } from '@/lib/lvs/plan-world'
import { reason } from '@/lib/lvs/reason'
import type { HostState } from '@/lib/lvs/running'
import { closeHost } from '@/lib/ssh/client'
import { readRunning } from '@/lib/ssh/read-running'
import { runBatch } from '@/lib/ssh/run'
import type { SshTarget } from '@/lib/ssh/target'
import { confirmCommand } from '@/lib/ssh/undo-script'
import type { Context } from './context'
import { allOf } from './read-world'
import { recordEvent } from './record-event'
import { sshTarget } from './ssh-target'

/** A name of its own in the pool: the login is made anew, because old connections survive cuts that new ones do not. */
const anew = async (hostId: string, applyId: string): Promise<SshTarget> => ({
  ...(await sshTarget(hostId)),
  hostId: `${hostId} confirm ${applyId}`,
})

async function readAnew(hostIds: readonly string[], applyId: string): Promise<HostState[]> {
  const hosts = await getHostRefs(hostIds)
  return allOf(
    hosts.map(async (host) => {
      try {
        return { host, running: await readRunning(await anew(host.id, applyId)) }
      } catch (error) {
        if (!(error instanceof TunboardError)) throw error
        return { host, unreachable: reason(error.reason, error.values) }
      }
    }),
  )
}

/**
 * Takes the timed undo of an apply that failed away, where every host of it answers over a new connection: no path was
 * cut, and what is done may be finished or taken back by a person. Where one does not, all stay armed. Says which it was.
 */
export async function disarmFailed(context: Context, applyId: string): Promise<boolean> {
  const [apply, undo] = [await getApply(applyId), await getApplyUndo(applyId)]
  if (undo?.state !== 'armed') return true
  try {
    const hosts = await readAnew(
      undo.hosts.map(({ hostId }) => hostId),
      applyId,
    )
    const isArmed = ({ running }: HostState) =>
      running?.undos?.some((each) => each.applyId === applyId && each.state === 'armed') === true
    if (!hosts.every(isArmed) || (await send(undo, applyId)).length > 0) return false
    await remember(context, apply, undo)
    return true
  } catch (error) {
    if (!(error instanceof TunboardError)) throw error
    return false
  } finally {
    for (const { hostId } of undo.hosts) closeHost(`${hostId} confirm ${applyId}`)
  }
}

/** Says what speaks against confirming; `undefined` where all hosts of it answered and are as they were to be. */
async function objection(apply: Apply, undo: ApplyUndo): Promise<Conflict | undefined> {
  const clusterId = apply.subject.id
  const [stored, ledger] = [await listDesiredClusters(), await listLedger()]
  const after = apply.desired?.after
  const clusters = stored.map((each) => (each.id === clusterId && after ? after : each))
  // what was taken down is in the ledger no more, and its timer is on the host all the same
  const ids = [...hostsOf(clusterId, clusters, ledger), ...undo.hosts.map(({ hostId }) => hostId)]
  const hosts = await readAnew([...new Set(ids)], apply.id)
  for (const { hostId, hostName: host } of undo.hosts) {
    const found = hosts.find((each) => each.host.id === hostId)
    if (found?.running === undefined) return new Conflict('undo-no-answer', { host })
    const state = found.running.undos?.find(({ applyId }) => applyId === apply.id)?.state
    if (state !== 'armed') return new Conflict('undo-too-late', { host })
  }
  const { steps } = planCluster({ clusterId, clusters, hosts, ledger, skipChecks: true })
  return steps.length === 0
    ? undefined
    : new Conflict('undo-not-as-applied', { count: steps.length })
}

async function send(undo: ApplyUndo, applyId: string): Promise<string[]> {
  const late = await Promise.all(
    undo.hosts.map(async ({ hostId, hostName }) => {
      const [result] = await runBatch(await anew(hostId, applyId), [
        { argv: confirmCommand(applyId), root: true },
      ]).catch(() => [])
      return result?.exit === 0 ? [] : [hostName]
    }),
  )
  return late.flat()
}

/**
 * Confirms an apply: reads its hosts over new connections and logins, and only where each of them answers and is as it was
 * to be, takes the timed undo away on all. Throws Conflict: `undo-no-answer`, `undo-not-as-applied`, `undo-too-late` (a
 * timer was faster), `undo-over` (it is not armed any more); NotFound.
 */
export async function confirmApply(context: Context, applyId: string): Promise<void> {
  const [apply, undo] = [await getApply(applyId), await getApplyUndo(applyId)]
  if (undo?.state !== 'armed') throw new Conflict('undo-over')
  try {
    const refused = await objection(apply, undo)
    if (refused !== undefined) throw refused
    const late = await send(undo, applyId)
    if (late.length > 0) throw new Conflict('undo-too-late', { host: late.join(', ') })
    await remember(context, apply, undo)
  } finally {
    for (const { hostId } of undo.hosts) closeHost(`${hostId} confirm ${applyId}`)
  }
}

async function remember(context: Context, { id, subject, state }: Apply, was: ApplyUndo) {
  const { ledger: _, ...undo } = was
  const by = context.actor.name
  const endedAt = context.now().toISOString()
  await inTransaction(async (tx) => {
    const after = state === 'armed' ? 'verified' : undefined
    await updateApplyUndo(tx, id, { ...undo, state: 'confirmed', by, endedAt }, after)
    await recordEvent(tx, context, 'confirm-apply', {
      subject: `${subject.kind}:${subject.id}`,
      detail: { [subject.kind]: subject.name, apply: id },
    })
  })
}
