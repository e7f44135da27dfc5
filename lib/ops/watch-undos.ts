import { type Apply, getApply } from '@/lib/db/applies'
import { type ApplyUndo, getApplyUndo, listArmed, updateApplyUndo } from '@/lib/db/apply-undo'
import { getCluster } from '@/lib/db/clusters'
import { dropLedger, listLedger, saveLedger } from '@/lib/db/ledger'
import { replaceDesired } from '@/lib/db/replace-desired'
import { inTransaction, type Tx } from '@/lib/db/transaction'
import { Conflict, TunboardError } from '@/lib/errors'
import { log } from '@/lib/log'
import { itemValue } from '@/lib/lvs/item-value'
import type { LedgerRow } from '@/lib/lvs/ledger'
import { settleLedger } from '@/lib/lvs/ledger-change'
import { sameDesired } from '@/lib/lvs/revert'
import type { HostState } from '@/lib/lvs/running'
import { rowsBack } from '@/lib/lvs/undo-ledger'
import { runBatch } from '@/lib/ssh/run'
import { clearUndoCommand, undoNowCommand } from '@/lib/ssh/undo-script'
import { changeDesiredIn } from './change-desired'
import { confirmApply } from './confirm-undo'
import type { Context } from './context'
import { readHosts } from './read-world'
import { recordEvent } from './record-event'
import { sshTarget } from './ssh-target'

/** Who acts when a timer did, or Tunboard confirms. */
const itself = (now: () => Date): Context => ({
  actor: { userId: 'tunboard', name: 'Tunboard', role: 'operator' },
  now,
})

type Ended = Extract<ApplyUndo['state'], 'undone' | 'partly' | 'gone'>

/** What became of a timed undo on all its hosts; `undefined` while one is still armed, at it, or cannot be read. */
function endOf(id: string, undo: ApplyUndo, hosts: readonly HostState[]): Ended | undefined {
  const states = undo.hosts.map(({ hostId }) => {
    const running = hosts.find(({ host }) => host.id === hostId)?.running
    if (running === undefined) return 'armed'
    return running.undos?.find(({ applyId }) => applyId === id)?.state ?? 'gone'
  })
  if (states.some((state) => state === 'armed' || state === 'undoing')) return undefined
  if (states.some((state) => state === 'partly')) return 'partly'
  return states.every((state) => state === 'undone') ? 'undone' : 'gone'
}

/** Desired becomes what it was before, unless somebody changed it meanwhile: then it is drift, and never pushed by itself. */
async function takeDesiredBack(tx: Tx, context: Context, apply: Apply): Promise<void> {
  const { before, after } = apply.desired ?? {}
  const { version, desired } = await getCluster(apply.subject.id, tx)
  if (before === undefined || after === undefined) return
  if (!sameDesired(desired, after) || sameDesired(before, after)) return
  await changeDesiredIn(
    tx,
    context,
    { clusterId: desired.id, version },
    'undo-desired',
    async () => {
      await replaceDesired(tx, before)
      return { of: apply.id }
    },
  )
}

/** Rows of this apply whose item went with the device or module that the undo took away. */
const goneWith = ({ id }: Apply, ledger: readonly LedgerRow[], hosts: readonly HostState[]) =>
  ledger.filter(({ since, hostId, item }) => {
    const running = hosts.find(({ host }) => host.id === hostId)?.running
    return since === id && running !== undefined && itemValue(running, item) === undefined
  })

async function finish(apply: Apply, was: ApplyUndo, state: Ended, context: Context) {
  const { ledger: rows = [], ...undo } = was
  const hosts = await readHosts(undo.hosts.map(({ hostId }) => hostId))
  const endedAt = context.now().toISOString()
  await inTransaction(async (tx) => {
    const ledger = await listLedger({}, tx)
    const { saved, dropped } = settleLedger(apply.plan, ledger, hosts)
    await saveLedger(tx, saved)
    await dropLedger(tx, [...dropped, ...goneWith(apply, ledger, hosts)])
    await saveLedger(tx, rowsBack(rows, hosts))
    if (apply.subject.kind === 'cluster') await takeDesiredBack(tx, context, apply)
    await updateApplyUndo(tx, apply.id, { ...undo, state, endedAt }, 'undone')
    await recordEvent(tx, context, 'apply-undone', {
      subject: `${apply.subject.kind}:${apply.subject.id}`,
      detail: { [apply.subject.kind]: apply.subject.name, apply: apply.id, state },
    })
  })
  await Promise.allSettled(
    undo.hosts.map(async ({ hostId }) =>
      runBatch(await sshTarget(hostId), [{ argv: clearUndoCommand(apply.id), root: true }]),
    ),
  )
}

/** Reads what became of a timed undo, and where it is over on all hosts, writes that. */
async function look(apply: Apply, undo: ApplyUndo, context: Context): Promise<boolean> {
  const hosts = await readHosts(undo.hosts.map(({ hostId }) => hostId))
  const state = endOf(apply.id, undo, hosts)
  if (state === undefined) return false
  await finish(apply, undo, state, context)
  return true
}

async function watchOne(id: string, now: () => Date): Promise<void> {
  const [apply, undo] = [await getApply(id), await getApplyUndo(id)]
  if (apply.state === 'running' || undo?.state !== 'armed') return
  const context = itself(now)
  if (now().getTime() >= Date.parse(undo.deadlineAt)) await look(apply, undo, context)
  else if (apply.state === 'armed' && undo.confirmBy === 'server') await confirmApply(context, id)
}

/**
 * Looks after timed undos that no running apply waits for: confirms those that Tunboard is to confirm, also after it was
 * started anew, and reads what became of those whose time is over.
 */
export async function watchUndos(now: () => Date = () => new Date()): Promise<void> {
  for (const id of await listArmed()) {
    try {
      await watchOne(id, now)
    } catch (error) {
      if (!(error instanceof TunboardError)) throw error
      if (!(error instanceof Conflict)) log.warn('A timed undo could not be looked at', { error })
    }
  }
}

/** In the order in which timers would fire: one after the other, as the plan of the undo says. */
async function fire({ hosts }: ApplyUndo, applyId: string): Promise<void> {
  for (const { hostId } of hosts) {
    const target = await sshTarget(hostId)
    // a host that cannot be reached undoes by itself when its time is over
    await runBatch(target, [
      { argv: undoNowCommand(applyId), root: true, timeoutSeconds: 30 },
    ]).catch((error: unknown) => log.warn('A host could not be told to undo now', { error }))
  }
}

/** Undoes an armed apply at once. Throws Conflict('undo-over') where nothing is armed any more. */
export async function undoNow(context: Context, applyId: string): Promise<void> {
  const [apply, undo] = [await getApply(applyId), await getApplyUndo(applyId)]
  if (undo?.state !== 'armed') throw new Conflict('undo-over')
  const mine = { ...undo, by: context.actor.name, deadlineAt: context.now().toISOString() }
  await inTransaction((tx) => updateApplyUndo(tx, applyId, mine))
  await fire(undo, applyId)
  await look(apply, mine, context)
}
