import { readFileSync } from 'node:fs'
import type { Lab, NodeName } from '@/lab/lab'
import { getApply, listApplies } from '@/lib/db/applies'
import { getCluster } from '@/lib/db/clusters'
import { listDrains } from '@/lib/db/drains'
import { parseForm } from '@/lib/lvs/form'
import { hostFormSchema } from '@/lib/lvs/host-form'
import type { Plan } from '@/lib/lvs/plan'
import { realServerFormSchema } from '@/lib/lvs/real-server-form'
import { touchedConnections } from '@/lib/lvs/touched-connections'
import { addHost } from '@/lib/ops/add-host'
import { addRealServer } from '@/lib/ops/add-real-server'
import { applyPlan } from '@/lib/ops/apply-plan'
import { approveHostKey } from '@/lib/ops/approve-host-key'
import { planNow } from '@/lib/ops/plan-now'
import { planRevert, revertApply } from '@/lib/ops/revert-apply'
import { setWeights } from '@/lib/ops/set-weights'
import { startDrain } from '@/lib/ops/start-drain'
import { testConnection } from '@/lib/ops/test-connection'
import { createTutorial, operator } from '@/lib/ops/test-fleet'
import type { Lab as Hosts } from '@/lib/ops/test-world'
import { undoDrain } from '@/lib/ops/undo-drain'
import { overridesOf } from '../races/operator'
import { PORT, VIP } from './connections'

const ada = operator()

async function register(lab: Lab, name: NodeName): Promise<string> {
  const privateKey = readFileSync(lab.keyFile, 'utf8')
  const port = lab.nodes[name]?.port ?? 0
  const access = { name, address: '127.0.0.1', port, user: 'root', authKind: 'key', privateKey }
  const id = await addHost(ada, parseForm(hostFormSchema, access))
  await approveHostKey(ada, { hostId: id, fingerprint: await lab.fingerprint(name) })
  await testConnection(ada, id)
  return id
}

/** Adds the lab's hosts, and a cluster of two of its servers. */
export async function createCluster(lab: Lab): Promise<{ clusterId: string; hosts: Hosts }> {
  const hosts = {
    director: await register(lab, 'director'),
    server2: await register(lab, 'server2'),
    server3: await register(lab, 'server3'),
    server4: await register(lab, 'server4'),
  }
  const service = { kind: 'address', protocol: 'tcp', vip: VIP, port: String(PORT) }
  const clusterId = await createTutorial(hosts, { service: { ...service, scheduler: 'rr' } })
  return { clusterId, hosts }
}

/** What a plan says beforehand of connections: `cut` and `ending` (touched-connections.ts). */
export type Said = { applyId: string; cut: number; ending: number }

async function finish(
  applyId: string,
  done: Promise<void>,
  plan: Plan,
  hosts: Parameters<typeof touchedConnections>[1],
): Promise<Said> {
  await done
  const { state, failure } = await getApply(applyId)
  if (state !== 'verified') throw new Error(`it is ${state}: ${JSON.stringify(failure)}`)
  const { cut = -1, ending = -1 } = touchedConnections(plan, hosts)
  return { applyId, cut, ending }
}

/** Applies what is desired, and gives what its plan said of connections. */
export async function apply(clusterId: string): Promise<Said> {
  const { plan, fingerprint, hosts } = await planNow(clusterId)
  const request = { clusterId, fingerprint, overrides: overridesOf(plan) }
  const { applyId, done } = await applyPlan(ada, request)
  return finish(applyId, done, plan, hosts)
}

export async function revert(clusterId: string, applyId: string): Promise<Said> {
  const { version } = await getCluster(clusterId)
  const { planned } = await planRevert(applyId)
  const { plan, fingerprint, hosts } = planned
  const request = { applyId, version, fingerprint, overrides: overridesOf(plan) }
  const started = await revertApply(ada, request)
  return finish(started.applyId, started.done, plan, hosts)
}

async function desiredOf(clusterId: string) {
  const { desired, version } = await getCluster(clusterId)
  const servers = desired.services.flatMap(({ realServers }) => realServers)
  const idOf = (rip: string) => servers.find(({ key }) => key.rip === rip)?.id ?? ''
  return { services: desired.services, idOf, at: { clusterId, version } }
}

export async function add(clusterId: string, hostId: string, rip: string): Promise<Said> {
  const { services, at } = await desiredOf(clusterId)
  const form = realServerFormSchema.parse({ hostId, rip })
  await addRealServer(ada, { ...at, serviceIds: services.map(({ id }) => id) }, form)
  return apply(clusterId)
}

export async function weigh(clusterId: string, weights: Record<string, number>): Promise<Said> {
  const { idOf, at } = await desiredOf(clusterId)
  const byId = Object.entries(weights).map(([rip, weight]) => [idOf(rip), weight] as const)
  await setWeights(ada, at, Object.fromEntries(byId))
  return apply(clusterId)
}

export async function drain(clusterId: string, rip: string, deadlineSeconds: number) {
  const { idOf, at } = await desiredOf(clusterId)
  await startDrain(ada, { ...at, realServerIds: [idOf(rip)], deadlineSeconds })
  return apply(clusterId)
}

export async function takeDrainBack(clusterId: string): Promise<Said> {
  const [waiting] = await listDrains({ clusterId, states: ['waiting'] })
  await undoDrain(ada, { drainId: waiting?.id ?? '' })
  return apply(clusterId)
}

/** The apply that a drain ended with. */
export async function lastApply(clusterId: string): Promise<string> {
  const [last] = await listApplies({ clusterId, limit: 1 })
  if (last === undefined) throw new Error('there is no apply')
  return last.id
}
