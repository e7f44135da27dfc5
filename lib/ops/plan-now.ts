import { createHash } from 'node:crypto'
import { getCluster, listClusters } from '@/lib/db/clusters'
import type { Tx } from '@/lib/db/transaction'
import type { DesiredCluster } from '@/lib/lvs/cluster'
import { type Foreign, foreignOn } from '@/lib/lvs/foreign'
import type { LedgerRow } from '@/lib/lvs/ledger'
import type { Plan } from '@/lib/lvs/plan'
import { planCluster } from '@/lib/lvs/plan-cluster'
import type { World } from '@/lib/lvs/plan-world'
import type { HostState } from '@/lib/lvs/running'
import type { Fence } from '@/lib/ssh/batch'
import { askArp } from './ask-arp'
import { readWorld } from './read-world'

/** What hosts say after the steps, and what a plan made from it would still do: nothing, where it is verified. */
export type ReadAgain = {
  hosts: readonly HostState[]
  ledger: readonly LedgerRow[]
  left: Plan
}

/** A plan as it is true now, with what it was made from. */
export type Planned = {
  plan: Plan
  /** SHA-256 of the plan's basis: what Apply is given, and refuses when it has moved. */
  fingerprint: string
  desiredVersion: number
  /** The cluster as it was planned for; absent for plans of files. */
  desired?: DesiredCluster
  readAt: Date
  /** How long reading all hosts took, in milliseconds. */
  readMs: number
  hosts: readonly HostState[]
  foreign: readonly Foreign[]
  ledger: readonly LedgerRow[]
  /** Its steps change files: hosts are read with what they have saved. */
  files: boolean
  /** `give`: gives the fences back after the reading. */
  readAgain: (options?: { give?: boolean }) => Promise<ReadAgain>
  /** Writes what else is to be remembered, in the transaction that ends the apply. */
  record?: (tx: Tx, outcome: Outcome) => Promise<void>
}

/** How an apply ended, for what remembers it. */
export type Outcome = {
  applyId: string
  verified: boolean
  at: Date
  hosts: readonly HostState[]
}

/** Writes a plan's basis as a fingerprint. */
export const fingerprintOf = (plan: Plan): string =>
  createHash('sha256').update(plan.basis).digest('hex')

/** Reads what is desired, and of this cluster which version of that it is, in one statement: they belong together. */
async function readDesired(clusterId: string, wished: DesiredCluster | undefined) {
  const stored = await listClusters()
  const own =
    stored.find(({ desired }) => desired.id === clusterId) ?? (await getCluster(clusterId))
  const desired = wished ?? own.desired
  const clusters = stored.map((each) => (each === own ? desired : each.desired))
  return { version: own.version, desired, clusters }
}

export type PlanOptions = {
  skipChecks?: boolean
  /** The cluster as it might be desired: a plan of what is not saved yet. */
  wished?: DesiredCluster
  /** Taken on every host before it is read: what is read is what the steps will meet. */
  fence?: Fence
}

/** Plans, and where that puts a VIP on a director plans again with who on the segment answers for it. */
async function planAsking(world: World): Promise<Plan> {
  const plan = planCluster(world)
  const arpAnswers = await askArp(plan, world)
  return arpAnswers.length === 0 ? plan : planCluster({ ...world, arpAnswers })
}

/**
 * Plans a cluster from what its hosts say now. Hosts that cannot be read are part of the plan, not an error.
 * Throws NotFound for a cluster that never was.
 */
export async function planNow(
  clusterId: string,
  { wished, ...options }: PlanOptions = {},
): Promise<Planned> {
  const { version, desired, clusters } = await readDesired(clusterId, wished)
  const started = performance.now()
  const world = await readWorld(clusterId, { ...options, clusters })
  const readMs = Math.round(performance.now() - started)
  const plan = await planAsking(world)
  return {
    plan,
    fingerprint: fingerprintOf(plan),
    desiredVersion: version,
    desired,
    readAt: new Date(),
    readMs,
    hosts: world.hosts,
    foreign: foreignOn(world),
    ledger: world.ledger,
    files: false,
    async readAgain({ give = false } = {}) {
      const now = await readWorld(clusterId, { skipChecks: true, give })
      // what was approved, not what somebody made desired meanwhile: that is a plan of its own
      const left = planCluster({ ...now, clusters: world.clusters })
      return { hosts: now.hosts, ledger: now.ledger, left }
    },
  }
}
