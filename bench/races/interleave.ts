import { listApplies } from '@/lib/db/applies'
import { getCluster } from '@/lib/db/clusters'
import { setWeights } from '@/lib/ops/set-weights'
import { createTutorial, operator, planAndApply } from '@/lib/ops/test-fleet'
import { type Fleet, foreignRules, startFleet } from '../fleet/fleet'
import { type Begun, checkAll, readModel } from './check'
import { createGate, gateConnections, gatedDatabase } from './gate'
import { operate, type Report } from './operator'
import { Scheduler } from './scheduler'

export const OPERATORS = ['Ada', 'Bob'] as const

/** More deeds find no more, and take longer; with one each the two would seldom meet. */
export const DEEDS = 3

export type World = { fleet: Fleet; clusterId: string }

/** A second apply, so that there is one to take back from the beginning. */
async function addOneMore(clusterId: string): Promise<void> {
  const { desired, version } = await getCluster(clusterId)
  const [server] = desired.services[0]?.realServers ?? []
  await setWeights(operator(), { clusterId, version }, { [server?.id ?? '']: 2 })
  await planAndApply(clusterId)
}

/** A cluster that runs, of UDP: after an apply nobody waits for TCP's handshakes. */
export async function startWorld(): Promise<World> {
  let clusterId = ''
  const service = { kind: 'address', protocol: 'udp', vip: '172.25.254.100', port: '53' }
  const fleet = await startFleet(async (lab) => {
    clusterId = await createTutorial(lab, { service: { ...service, scheduler: 'rr' } })
    const { state, failure } = await planAndApply(clusterId)
    if (state !== 'verified')
      throw new Error(`the cluster does not run: ${JSON.stringify(failure)}`)
    await addOneMore(clusterId)
  })
  return { fleet, clusterId }
}

/** Reads what a case begins with. */
export async function beginning({ fleet, clusterId }: World): Promise<Begun> {
  const { version, ...model } = await readModel(clusterId)
  const applies = (await listApplies({ limit: 100 })).length
  return { clusterId, version, model, foreign: foreignRules(fleet), applies }
}

/** What a case came to. */
export type Ended = { reports: Report[]; applies: number; trace: readonly string[] }

/** Two operators in this process, interleaved by the seed. Throws where a law does not hold, with the trace. */
export async function interleave(world: World, seed: number): Promise<Ended> {
  const { fleet, clusterId } = world
  const scheduler = new Scheduler(seed)
  const gate = createGate(scheduler.ask, scheduler.over)
  await fleet.begin((client) => gatedDatabase(client, gate))
  await gateConnections(gate)
  const begun = await beginning(world)
  const work = OPERATORS.map((name, at) =>
    gate.as(name, () =>
      operate({ name, seed: seed * 2 + at, clusterId, lab: fleet.lab, deeds: DEEDS }),
    ),
  )
  for (const each of work) scheduler.join(each)
  await scheduler.run()
  const reports = await Promise.all(work)
  const applies = await checkAll(fleet, begun, reports)
  return { reports, applies, trace: scheduler.trace }
}
