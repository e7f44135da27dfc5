import { listApplies } from '@/lib/db/applies'
import { getCluster, type StoredCluster } from '@/lib/db/clusters'
import { listDrains } from '@/lib/db/drains'
import { Conflict, InvalidInput, NotFound, TunboardError } from '@/lib/errors'
import type { DesiredRealServer, DesiredService } from '@/lib/lvs/cluster'
import { isApplyable, type Plan } from '@/lib/lvs/plan'
import { realServerFormSchema } from '@/lib/lvs/real-server-form'
import { addRealServer } from '@/lib/ops/add-real-server'
import { applyPlan } from '@/lib/ops/apply-plan'
import type { Context } from '@/lib/ops/context'
import { editService } from '@/lib/ops/edit-service'
import { planNow } from '@/lib/ops/plan-now'
import { removeRealServer } from '@/lib/ops/remove-real-server'
import { planRevert, revertApply } from '@/lib/ops/revert-apply'
import { setWeights } from '@/lib/ops/set-weights'
import { startDrain } from '@/lib/ops/start-drain'
import type { Lab } from '@/lib/ops/test-world'
import { undoDrain } from '@/lib/ops/undo-drain'
import { watchDrains } from '@/lib/ops/watch-drains'
import { randomOf } from './scheduler'

/** What became of one deed. `version`: the one that a change of desired made. */
export type Outcome =
  | { deed: string; result: 'won'; version: number }
  | { deed: string; result: 'applied' | 'done' | 'nothing' }
  | { deed: string; result: 'refused'; reason: string }

export type Report = {
  name: string
  outcomes: Outcome[]
  /** The fingerprints of the plans that were read and approved. */
  approved: string[]
  /** Real servers by the ids that were seen. */
  ripOf: Record<string, string>
}

export type Operating = {
  name: string
  seed: number
  clusterId: string
  lab: Lab
  /** How many deeds one after the other. */
  deeds: number
}

const HOST_OF = {
  '172.25.254.2': 'server2',
  '172.25.254.3': 'server3',
  '172.25.254.4': 'server4',
} as const
const RIPS = ['172.25.254.2', '172.25.254.3', '172.25.254.4'] as const
const SCHEDULERS = ['rr', 'wrr', 'wlc', 'sed'] as const

/** Time goes on with each look at it, so that no two events of one process are at the same moment. */
function clock(): () => Date {
  let last = 0
  return () => {
    last = Math.max(last + 1, Date.now())
    return new Date(last)
  }
}

type Seen = {
  cluster: StoredCluster
  service: DesiredService
  pick: <T>(all: readonly T[]) => T
}
type Self = Operating & { context: Context; report: Report }

const targetOf = ({ clusterId }: Self, { cluster }: Seen) => ({
  clusterId,
  version: cluster.version,
})

type Change = (self: Self, seen: Seen, server: DesiredRealServer) => Promise<number>

const CHANGES: Record<string, Change> = {
  weight: (self, seen, { id }) =>
    setWeights(self.context, targetOf(self, seen), { [id]: seen.pick([0, 1, 2, 5, 65535]) }),
  remove: (self, seen, { id }) =>
    removeRealServer(self.context, { ...targetOf(self, seen), realServerIds: [id] }),
  drain: (self, seen, { id }) =>
    startDrain(self.context, {
      ...targetOf(self, seen),
      ...{ realServerIds: [id], deadlineSeconds: 600 },
    }),
  scheduler: (self, seen) => {
    const { id, key, config, vips } = seen.service
    const form = { key, config: { ...config, scheduler: seen.pick(SCHEDULERS) }, vips: [...vips] }
    return editService(self.context, { ...targetOf(self, seen), serviceId: id }, form)
  },
}

function add(self: Self, seen: Seen, rip: (typeof RIPS)[number]): Promise<number> {
  const hostId = self.lab[HOST_OF[rip]]
  const form = realServerFormSchema.parse({ hostId, rip, weight: seen.pick([0, 1, 3]) })
  return addRealServer(
    self.context,
    { ...targetOf(self, seen), serviceIds: [seen.service.id] },
    form,
  )
}

/** Opens the page, thinks, and changes what was seen there. */
async function change(self: Self, deed: string, pick: Seen['pick']): Promise<Outcome> {
  const cluster = await getCluster(self.clusterId)
  const [service] = cluster.desired.services
  if (service === undefined) throw new Error('nobody removes the service')
  for (const { id, key } of service.realServers) self.report.ripOf[id] = key.rip
  const seen = { cluster, service, pick }
  const rip = pick(RIPS)
  const server = service.realServers.find(({ key }) => key.rip === rip)
  const run = CHANGES[deed]
  const work =
    server === undefined || run === undefined ? add(self, seen, rip) : run(self, seen, server)
  return { deed, result: 'won', version: await work }
}

/** Accepts every consequence that can be accepted. */
export const overridesOf = ({ refusals }: Plan): string[] =>
  refusals.flatMap(({ override }) => (override === undefined ? [] : [override]))

/** Reads the plan, approves it, and applies what was approved. */
async function apply(self: Self): Promise<Outcome> {
  const { clusterId, context, report } = self
  const { plan, fingerprint } = await planNow(clusterId)
  const overrides = overridesOf(plan)
  if (!isApplyable(plan, new Set(overrides))) return { deed: 'apply', result: 'nothing' }
  report.approved.push(fingerprint)
  const { done } = await applyPlan(context, {
    ...{ clusterId, fingerprint, overrides },
    undo: { timer: 'without' },
  })
  await done
  return { deed: 'apply', result: 'applied' }
}

/** Takes back one of the last applies, as its plan was shown. */
async function revert(self: Self, pick: Seen['pick']): Promise<Outcome> {
  const { clusterId, context, report } = self
  // the first one brought the cluster: without its service nobody else would find anything to do
  const applies = (await listApplies({ clusterId })).slice(0, -1)
  if (applies.length === 0) return { deed: 'revert', result: 'nothing' }
  const { version } = await getCluster(clusterId)
  const { id: applyId } = pick(applies)
  const { planned } = await planRevert(applyId)
  const { plan, fingerprint } = planned
  const overrides = overridesOf(plan)
  if (!isApplyable(plan, new Set(overrides))) return { deed: 'revert', result: 'nothing' }
  report.approved.push(fingerprint)
  const { done } = await revertApply(context, {
    ...{ applyId, version, fingerprint, overrides },
    undo: { timer: 'without' },
  })
  await done
  return { deed: 'revert', result: 'applied' }
}

async function undo({ clusterId, context }: Self, pick: Seen['pick']): Promise<Outcome> {
  const drains = await listDrains({ clusterId, states: ['waiting', 'ended'] })
  if (drains.length === 0) return { deed: 'undo-drain', result: 'nothing' }
  await undoDrain(context, { drainId: pick(drains).id })
  return { deed: 'undo-drain', result: 'done' }
}

/** What the server does by itself between two clicks: it looks at drains, and removes what is drained. */
async function watch({ context }: Self): Promise<Outcome> {
  await watchDrains(context.now)
  return { deed: 'watch-drains', result: 'done' }
}

const DEEDS = [
  'weight',
  'add',
  'remove',
  'drain',
  'scheduler',
  'weight',
  'apply',
  'apply',
  'apply',
  'revert',
  'undo-drain',
  'watch-drains',
]

function act(self: Self, deed: string, pick: Seen['pick']): Promise<Outcome> {
  if (deed === 'apply') return apply(self)
  if (deed === 'revert') return revert(self, pick)
  if (deed === 'undo-drain') return undo(self, pick)
  return deed === 'watch-drains' ? watch(self) : change(self, deed, pick)
}

/** A refusal is an outcome; anything else is a bug. */
async function attempt(self: Self, deed: string, pick: Seen['pick']): Promise<Outcome> {
  try {
    return await act(self, deed, pick)
  } catch (error) {
    const expected = [Conflict, NotFound, InvalidInput].some((kind) => error instanceof kind)
    if (!expected || !(error instanceof TunboardError)) throw error
    return { deed, result: 'refused', reason: error.reason }
  }
}

/** Does what one person does in one case: some deeds drawn by the seed, each from what is seen then. */
export async function operate(operating: Operating): Promise<Report> {
  const { name, seed, deeds } = operating
  const random = randomOf(seed)
  const pick: Seen['pick'] = (all) => {
    const found = all[Math.floor(random() * all.length)]
    if (found === undefined) throw new Error('nothing to pick from')
    return found
  }
  const actor = { userId: `user-${name}`, name, role: 'operator' } as const
  const report: Report = { name, outcomes: [], approved: [], ripOf: {} }
  const self = { ...operating, report, context: { actor, now: clock() } }
  for (let at = 0; at < deeds; at++) report.outcomes.push(await attempt(self, pick(DEEDS), pick))
  return report
}
