import { getCluster } from '@/lib/db/clusters'
import type { PrismaClient } from '@/lib/db/generated/client'
import type { DesiredRealServer } from '@/lib/lvs/cluster'
import { parseForm } from '@/lib/lvs/form'
import type { Step } from '@/lib/lvs/plan'
import { realServerFormSchema } from '@/lib/lvs/real-server-form'
import { serviceFormSchema } from '@/lib/lvs/service-form'
import { addRealServer } from '@/lib/ops/add-real-server'
import { addService } from '@/lib/ops/add-service'
import type { Started } from '@/lib/ops/apply-job'
import { applyPlan } from '@/lib/ops/apply-plan'
import type { Context } from '@/lib/ops/context'
import { editService } from '@/lib/ops/edit-service'
import { planNow } from '@/lib/ops/plan-now'
import { removeRealServer } from '@/lib/ops/remove-real-server'
import { planSaveNow, saveRules } from '@/lib/ops/save-rules'
import { setWeights } from '@/lib/ops/set-weights'
import { operator } from '@/lib/ops/test-fleet'
import type { Lab } from '@/lib/ops/test-world'
import type { FakeLabName } from '@/lib/testing/fake-lab'
import { overridesOf } from '../races/operator'

/** `timed`: the same as add, with a timed undo on every host of it. */
export const SHAPES = ['add', 'remove', 'weight', 'service', 'repair', 'save', 'timed'] as const
export type ShapeName = (typeof SHAPES)[number]

/** What hosts are, by name, in a form that is equal for equal behaviour. */
export type Snapshots = Record<string, unknown>

/** The hosts of a world, fake or real, as far as what must hold after a case is concerned. */
export type Hosts = {
  /** Ids by name. */
  ids: Lab
  /** Opens the database of this case anew, as another process does. */
  reopen(wrap?: (client: PrismaClient) => PrismaClient): Promise<void>
  /** Runs commands behind our back. */
  exec(name: FakeLabName, lines: readonly string[]): Promise<void>
  look(): Promise<Snapshots>
  /** What others run on the director, and what it balances for us; lines of `ipvsadm -Sn`. */
  foreignRules(): Promise<string>
  ownRules(): Promise<string>
  /** What the hosts would be after these steps; real ones have no copies on which one could try. */
  lookAfter?: (steps: readonly Step[]) => Snapshots
  /** The timers of all hosts, where they can be let fire; real ones are `timed-undo`'s. */
  timers?: { armed(): string[]; fire(): void }
}

export type World = { hosts: Hosts; clusterId: string }

const ada = operator()

async function target({ clusterId }: World) {
  const { desired, version } = await getCluster(clusterId)
  return { services: desired.services, at: { clusterId, version } }
}

const idsOf = (servers: readonly DesiredRealServer[], rip: string): string[] =>
  servers.filter(({ key }) => key.rip === rip).map(({ id }) => id)

async function add(world: World): Promise<void> {
  const { services, at } = await target(world)
  const form = realServerFormSchema.parse({ hostId: world.hosts.ids.server4, rip: '172.25.254.4' })
  await addRealServer(ada, { ...at, serviceIds: services.map(({ id }) => id) }, form)
}

async function remove(world: World): Promise<void> {
  const { services, at } = await target(world)
  const servers = services.flatMap(({ realServers }) => realServers)
  await removeRealServer(ada, { ...at, realServerIds: idsOf(servers, '172.25.254.3') })
}

async function weight(world: World): Promise<void> {
  const { services, at } = await target(world)
  const servers = services.flatMap(({ realServers }) => realServers)
  const weights = Object.fromEntries(servers.map(({ id }, place) => [id, place + 2]))
  const version = await setWeights(ada, at, weights)
  const [first] = services
  if (first === undefined) throw new Error('there is no service')
  const { id: serviceId, key, config, vips } = first
  const form = { key, config: { ...config, scheduler: 'sed' as const }, vips: [...vips] }
  await editService(ada, { ...at, version, serviceId }, form)
}

async function service(world: World): Promise<void> {
  const { at } = await target(world)
  const { server2, server3, server4 } = world.hosts.ids
  const form = { kind: 'address', protocol: 'udp', vip: '172.25.254.101', port: '123' }
  await addService(ada, at, {
    service: parseForm(serviceFormSchema, { ...form, scheduler: 'wrr' }),
    realServers: [
      realServerFormSchema.parse({ hostId: server2, rip: '172.25.254.2' }),
      realServerFormSchema.parse({ hostId: server3, rip: '172.25.254.3', weight: 0 }),
      realServerFormSchema.parse({ hostId: server4, rip: '172.25.254.4', weight: 3 }),
    ],
  })
}

/** Somebody took the tunnel and the parameters of both real servers down by hand. */
async function repair({ hosts }: World): Promise<void> {
  for (const name of ['server2', 'server3'] as const)
    await hosts.exec(name, [
      'ip address del 172.25.254.100/32 dev tunl0',
      'ip link set dev tunl0 down',
      'sysctl -w net.ipv4.conf.all.arp_ignore=0',
      'sysctl -w net.ipv4.conf.all.arp_announce=0',
      'sysctl -w net.ipv4.conf.tunl0.rp_filter=1',
    ])
}

const CHANGES: Record<ShapeName, (world: World) => Promise<void>> = {
  add,
  remove,
  weight,
  service,
  repair,
  save: async () => undefined,
  timed: add,
}

/** Makes desired, or what runs, differ by the shape: its plan is then what this is about. */
export const changeTo = async (world: World, shape: ShapeName): Promise<void> =>
  CHANGES[shape](world)

export const stepsOf = async (clusterId: string, isSave: boolean): Promise<readonly Step[]> =>
  isSave
    ? (await planSaveNow({ kind: 'cluster', id: clusterId })).plan.steps
    : (await planNow(clusterId)).plan.steps

/** Applies the plan as a person does who read it: of the hosts' files, or of what runs. */
export async function start(
  context: Context,
  clusterId: string,
  shape: ShapeName,
): Promise<Started> {
  if (shape === 'save') return saveRules(context, { scope: { kind: 'cluster', id: clusterId } })
  const { plan, fingerprint } = await planNow(clusterId)
  return applyPlan(context, {
    ...{ clusterId, fingerprint, overrides: overridesOf(plan) },
    // elsewhere what a crash leaves is looked at as it is left: no timer may tidy up after it
    ...(shape !== 'timed' && { undo: { timer: 'without' as const } }),
  })
}
