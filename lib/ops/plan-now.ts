import { createHash } from 'node:crypto'
import { getCluster } from '@/lib/db/clusters'
import { type Foreign, foreignOn } from '@/lib/lvs/foreign'
import type { Plan } from '@/lib/lvs/plan'
import { planCluster } from '@/lib/lvs/plan-cluster'
import type { World } from '@/lib/lvs/plan-world'
import type { HostState } from '@/lib/lvs/running'
import { readWorld } from './read-world'

/** A plan as it is true now, with what it was made from. */
export type Planned = {
  plan: Plan
  /** SHA-256 of the plan's basis: what Apply is given, and refuses when it has moved. */
  fingerprint: string
  desiredVersion: number
  readAt: Date
  /** How long reading all hosts took, in milliseconds. */
  readMs: number
  hosts: readonly HostState[]
  foreign: readonly Foreign[]
  world: World
}

/** Writes a plan's basis as a fingerprint. */
export const fingerprintOf = (plan: Plan): string =>
  createHash('sha256').update(plan.basis).digest('hex')

/**
 * Plans a cluster from what its hosts say now. Hosts that cannot be read are part of the plan, not an error.
 * Throws NotFound for a cluster that never was.
 */
export async function planNow(
  clusterId: string,
  options: { skipChecks?: boolean } = {},
): Promise<Planned> {
  const { version } = await getCluster(clusterId)
  const started = performance.now()
  const world = await readWorld(clusterId, options)
  const readMs = Math.round(performance.now() - started)
  const plan = planCluster(world)
  return {
    plan,
    fingerprint: fingerprintOf(plan),
    desiredVersion: version,
    readAt: new Date(),
    readMs,
    hosts: world.hosts,
    foreign: foreignOn(world),
    world,
  }
}
