import { dropLedger, listLedger } from '@/lib/db/ledger'
import {
  createSave,
  listSavedItems,
  replaceSavedItems,
  type SaveFile,
  type SaveKind,
} from '@/lib/db/saves'
import { inTransaction, type Tx } from '@/lib/db/transaction'
import type { SavePlan } from '@/lib/lvs/file-steps'
import { itemValue } from '@/lib/lvs/item-value'
import { formatItem, type Item } from '@/lib/lvs/ledger'
import { isEmpty } from '@/lib/lvs/plan'
import type { SaveHost } from '@/lib/lvs/save-targets'
import type { SavedItem } from '@/lib/lvs/saved'
import type { Context } from './context'
import type { Outcome } from './plan-now'
import { withFiles } from './save-scope'

type Recorded = {
  context: Context
  kind: SaveKind
  plan: SavePlan
  before: readonly SaveHost[]
  clusterId?: string
}

/** Joins what was and what is to be: after a save that broke off nobody knows which of them the files hold. */
function unionOfItems(a: readonly SavedItem[], b: readonly SavedItem[]): SavedItem[] {
  return [...new Map([...a, ...b].map((each) => [formatItem(each.item), each])).values()]
}

const itemsOn = ({ items }: SavePlan, id: string) => items.filter(({ hostId }) => hostId === id)

/** After a save that broke off the files may hold what was there and what was to be: both are ours. */
export async function keepItems(tx: Tx, plan: SavePlan, hostId: string): Promise<void> {
  const last = await listSavedItems([hostId], tx)
  await replaceSavedItems(tx, hostId, unionOfItems(last, itemsOn(plan, hostId)))
}

/** Remembers what is ours in files that are already as they would be written, whoever wrote them. */
export async function rememberWritten(plan: SavePlan, hosts: readonly SaveHost[]): Promise<void> {
  if (!isEmpty(plan) || plan.refusals.length > 0) return
  await inTransaction(async (tx) => {
    for (const { host } of hosts) await replaceSavedItems(tx, host.id, itemsOn(plan, host.id))
  })
}

const ofFiles = (items: readonly Item[]) =>
  items.filter((item) => item.kind === 'file' || item.kind === 'unit')

/** Every file and unit that the save is about on a host: those of its steps, and those that are ours already. */
function itemsOf({ plan }: Recorded, hostId: string, ours: readonly Item[]): Item[] {
  const steps = plan.steps.flatMap((step) =>
    step.hostId === hostId && step.item !== undefined ? [step.item] : [],
  )
  return [...new Map(ofFiles([...ours, ...steps]).map((item) => [formatItem(item), item])).values()]
}

function filesOf(
  items: readonly Item[],
  before: SaveHost | undefined,
  after: SaveHost,
): SaveFile[] {
  return items.flatMap((item) => {
    if (item.kind !== 'file') return []
    const was = before && itemValue(before.running, item)
    const is = itemValue(after.running, item)
    return [
      {
        path: item.path,
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
      },
    ]
  })
}

async function recordHost(tx: Tx, recorded: Recorded, outcome: Outcome, after: SaveHost) {
  const { context, kind, plan, clusterId } = recorded
  const { host, running } = after
  const before = recorded.before.find((each) => each.host.id === host.id)
  const ledger = await listLedger({ hostIds: [host.id] }, tx)
  const items = itemsOf(
    recorded,
    host.id,
    ledger.map(({ item }) => item),
  )
  const files = filesOf(items, before, after)
  const { verified, applyId, at } = outcome
  if (verified) await replaceSavedItems(tx, host.id, itemsOn(plan, host.id))
  else await keepItems(tx, plan, host.id)
  if (verified && kind === 'uninstall')
    await dropLedger(
      tx,
      ledger.filter(({ item }) => ofFiles([item]).length > 0),
    )
  if (!files.some((file) => file.before !== file.after)) return
  const units = items.flatMap((item) => (item.kind === 'unit' ? [item] : []))
  const { userId, name } = context.actor
  await createSave(tx, {
    ...{ applyId, hostId: host.id, hostName: host.name, kind, at, files },
    ...(clusterId === undefined ? {} : { clusterId }),
    by: { userId, name },
    enabled: Object.fromEntries(
      units.map((item) => [item.name, itemValue(running, item) !== undefined]),
    ),
    items: await listSavedItems([host.id], tx),
  })
}

/** Gives what remembers a save with its apply: the history of each host, and what of ours is in its files now. */
export const recordSave =
  (recorded: Recorded) =>
  async (tx: Tx, outcome: Outcome): Promise<void> => {
    const read = withFiles(outcome.hosts)
    for (const { host } of recorded.before) {
      const after = read.find((each) => each.host.id === host.id)
      if (after === undefined) await keepItems(tx, recorded.plan, host.id)
      else await recordHost(tx, recorded, outcome, after)
    }
  }
