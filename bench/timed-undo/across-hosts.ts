import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Lab as Guests, NodeName } from '@/lab/lab'
import { getApply } from '@/lib/db/applies'
import { savePolicy } from '@/lib/db/cluster-policy'
import { getCluster } from '@/lib/db/clusters'
import { useTestDatabase } from '@/lib/db/test-database'
import { inTransaction } from '@/lib/db/transaction'
import { parseForm } from '@/lib/lvs/form'
import { hostFormSchema } from '@/lib/lvs/host-form'
import { DEFAULT_POLICY } from '@/lib/lvs/policy-form'
import { realServerFormSchema } from '@/lib/lvs/real-server-form'
import { sameDesired } from '@/lib/lvs/revert'
import { serviceFormSchema } from '@/lib/lvs/service-form'
import { addHost } from '@/lib/ops/add-host'
import { addRealServer } from '@/lib/ops/add-real-server'
import { addService } from '@/lib/ops/add-service'
import { applyPlan } from '@/lib/ops/apply-plan'
import { approveHostKey } from '@/lib/ops/approve-host-key'
import { planNow } from '@/lib/ops/plan-now'
import { removeRealServer } from '@/lib/ops/remove-real-server'
import { setWeights } from '@/lib/ops/set-weights'
import { takeDownCluster } from '@/lib/ops/take-down-cluster'
import { testConnection } from '@/lib/ops/test-connection'
import { createTutorial, operator, planAndApply } from '@/lib/ops/test-fleet'
import type { Lab } from '@/lib/ops/test-world'
import { watchUndos } from '@/lib/ops/watch-undos'
import { closeHost } from '@/lib/ssh/client'
import type { SshTarget } from '@/lib/ssh/target'
import { type Cut, cutPath, differences, ended, foreign, snapshot } from './guest'
import type { Outcome } from './one-host'

const SECONDS = 10
/** Hosts come down and up in the law's order, two seconds apart. */
const LATE_SECONDS = 4

const ada = operator()
type Name = keyof Lab
export type Targets = Record<Name, SshTarget>
type World = { clusterId: string; lab: Lab; targets: Targets }
type Edit = (world: World) => Promise<unknown>

async function register(guests: Guests, name: NodeName, { user }: SshTarget): Promise<string> {
  const form = {
    ...{ name, address: '127.0.0.1', port: guests.nodes[name]?.port, user, authKind: 'key' },
    ...{
      privateKey: readFileSync(guests.keyFile, 'utf8'),
      become: user === 'root' ? 'root' : 'sudo',
    },
  }
  const id = await addHost(ada, parseForm(hostFormSchema, form))
  await approveHostKey(ada, { hostId: id, fingerprint: await guests.fingerprint(name) })
  await testConnection(ada, id)
  return id
}

const desiredOf = async ({ clusterId }: World) => {
  const { desired, version } = await getCluster(clusterId)
  const [service] = desired.services
  const ids = service?.realServers.map(({ id }) => id) ?? []
  return { at: { clusterId, version }, serviceId: service?.id ?? '', ids }
}

const addServer4: Edit = async (world) => {
  const { at, serviceId } = await desiredOf(world)
  const form = { hostId: world.lab.server4, rip: '172.25.254.4' }
  const realServer = parseForm(realServerFormSchema, form)
  return addRealServer(ada, { ...at, serviceIds: [serviceId] }, realServer)
}

const removeServer3: Edit = async (world) => {
  const { at, ids } = await desiredOf(world)
  return removeRealServer(ada, { ...at, realServerIds: ids.slice(1) })
}

const weigh: Edit = async (world) => {
  const { at, ids } = await desiredOf(world)
  return setWeights(ada, at, Object.fromEntries(ids.map((id, index) => [id, index * 5])))
}

const addSecondVip: Edit = async (world) => {
  const { at } = await desiredOf(world)
  const key = { kind: 'address', protocol: 'udp', vip: '172.25.254.101', port: '53' }
  const service = parseForm(serviceFormSchema, { ...key, scheduler: 'wlc' })
  const form = { hostId: world.lab.server4, rip: '172.25.254.4', port: '53' }
  return addService(ada, at, { service, realServers: [parseForm(realServerFormSchema, form)] })
}

const takeDown: Edit = async (world) => takeDownCluster(ada, (await desiredOf(world)).at)

/** `early`: the path is cut while the apply is at work, not after it. */
type Case = { shape: string; edit: Edit; cut: Cut; cutOn?: Name; early?: boolean }

const CASES: readonly Case[] = [
  { shape: 'real server added', edit: addServer4, cut: 'nobody confirms' },
  { shape: 'real server removed', edit: removeServer3, cut: 'nobody confirms' },
  { shape: 'weights', edit: weigh, cut: 'SSH dropped', cutOn: 'director' },
  { shape: 'cluster taken down', edit: takeDown, cut: 'nobody confirms' },
  { shape: 'VIP and service added', edit: addSecondVip, cut: 'route gone', cutOn: 'director' },
  {
    shape: 'real server added',
    edit: addServer4,
    cut: 'SSH dropped',
    cutOn: 'server4',
    early: true,
  },
  {
    shape: 'real server removed',
    edit: removeServer3,
    cut: 'management address gone',
    cutOn: 'server3',
  },
  {
    shape: 'cluster taken down',
    edit: takeDown,
    cut: 'SSH dropped',
    cutOn: 'server2',
    early: true,
  },
]

async function stateOnceSteady(applyId: string): Promise<string> {
  for (;;) {
    const { state } = await getApply(applyId)
    if (state !== 'running') return state
    await pause(200)
  }
}

type Went = { lateSeconds: number; problems: string[] }

/** Waits for the timers of all hosts that were armed, and says what is not as it should be. */
async function look(world: World, applyId: string, armed: readonly string[]): Promise<Went> {
  const problems: string[] = []
  let lateSeconds = Number.NEGATIVE_INFINITY
  for (const target of Object.values(world.targets).filter(({ name }) => armed.includes(name))) {
    closeHost(target.hostId)
    const { state, endedAt = 0, deadline } = await ended(target, applyId)
    lateSeconds = Math.max(lateSeconds, endedAt - deadline)
    if (state !== 'undone') problems.push(`${target.name} says ${state}`)
  }
  if (lateSeconds > LATE_SECONDS) problems.push(`${lateSeconds} s late`)
  return { lateSeconds, problems }
}

const snapshots = async ({ targets }: World) =>
  Promise.all(Object.values(targets).map(async (target) => [target.name, await snapshot(target)]))

const later = () => new Date(Date.now() + 60_000)

/** Tunboard reads what the timers did: the apply is undone, desired too, and nothing is left to do. */
async function settle(world: World, applyId: string): Promise<string[]> {
  for (const hostId of Object.values(world.lab)) closeHost(hostId)
  await watchUndos(later)
  const { state } = await getApply(applyId)
  const { steps } = (await planNow(world.clusterId)).plan
  return [
    ...(state === 'undone' ? [] : [`the apply is ${state}`]),
    ...steps.map(({ id, kind }) => `left to do: ${kind} ${id}`),
  ]
}

async function start(world: World, { cut, cutOn, early = false }: Case) {
  const { clusterId, targets } = world
  const planned = await planNow(clusterId)
  const { fingerprint } = planned
  const undo = { seconds: SECONDS, confirmBy: 'person' } as const
  const { applyId, done } = await applyPlan(ada, { clusterId, fingerprint, undo })
  const until = Math.ceil(Date.now() / 1000) + SECONDS
  if (cutOn !== undefined && early)
    await cutPath(targets[cutOn], cut, { inSeconds: 1, deadline: until })
  const state = await stateOnceSteady(applyId)
  if (cutOn !== undefined && !early)
    await cutPath(targets[cutOn], cut, { inSeconds: 0, deadline: until })
  const armed = [...new Set(planned.plan.steps.map(({ hostName }) => hostName))]
  return { applyId, done, state, armed }
}

async function prove(world: World, one: Case) {
  const before = await snapshots(world)
  const { desired: was } = await getCluster(world.clusterId)
  const others = await foreign(world.targets.director)
  await one.edit(world)
  const { applyId, done, state, armed } = await start(world, one)
  const { lateSeconds, problems } = await look(world, applyId, armed)
  const after = new Map(
    await snapshots(world).then((all) => all.map(([name = '', text = '']) => [name, text])),
  )
  await done
  problems.push(...(await settle(world, applyId)))
  for (const [name = '', text = ''] of before) {
    const found = differences(text, after.get(name) ?? '')
    if (found !== '') problems.push(`${name}: ${found}`)
  }
  if (others !== (await foreign(world.targets.director))) problems.push('foreign services changed')
  if (!sameDesired((await getCluster(world.clusterId)).desired, was)) problems.push('desired moved')
  if (one.early !== true && state !== 'armed') problems.push(`the apply was ${state}`)
  return { lateSeconds, ...(problems.length > 0 && { problem: problems.join('; ') }) }
}

/** The tutorial's cluster on the lab, applied. Returns how it is closed again. */
async function startWorld(guests: Guests, targets: Targets) {
  // biome-ignore lint/correctness/useHookAtTopLevel: no hook of React
  const { remove } = await useTestDatabase()
  globalThis.tunboardSecretKey = Buffer.alloc(32, 1)
  const add = (name: Name) => register(guests, name, targets[name])
  const [director, server2, server3, server4] = await Promise.all([
    ...[add('director'), add('server2')],
    ...[add('server3'), add('server4')],
  ])
  const lab = { director, server2, server3, server4 } as Lab
  const clusterId = await createTutorial(lab)
  const { state, failure } = await planAndApply(clusterId)
  if (state !== 'verified') throw new Error(`the cluster does not run: ${JSON.stringify(failure)}`)
  const policy = { ...DEFAULT_POLICY, timedUndo: 'always', confirmBy: 'person' } as const
  await inTransaction((tx) => savePolicy(tx, clusterId, policy))
  return { world: { clusterId, lab, targets }, remove }
}

/** Applies changes of a cluster by the ops, each with a timer that nobody stops. */
export async function runAcrossHosts(guests: Guests, targets: Targets): Promise<Outcome[]> {
  const { world, remove } = await startWorld(guests, targets)
  const outcomes: Outcome[] = []
  for (const one of CASES) {
    const cut =
      one.cutOn === undefined ? '' : ` (${one.cutOn}${one.early ? ', while it applies' : ''})`
    const about = { host: 'cluster', user: 'both', shape: `${one.shape}${cut}`, cut: one.cut }
    try {
      outcomes.push({ ...about, ...(await prove(world, one)) })
    } catch (error) {
      outcomes.push({ ...about, problem: error instanceof Error ? error.message : String(error) })
    }
    console.error(JSON.stringify(outcomes.at(-1)))
  }
  await takeDown(world)
  await planAndApply(world.clusterId)
  await remove()
  return outcomes
}
