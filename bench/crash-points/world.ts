import { getCluster } from '@/lib/db/clusters'
import { parseForm } from '@/lib/lvs/form'
import type { Step } from '@/lib/lvs/plan'
import { realServerFormSchema } from '@/lib/lvs/real-server-form'
import { serviceFormSchema } from '@/lib/lvs/service-form'
import { addService } from '@/lib/ops/add-service'
import { createTutorial, operator, planAndApply } from '@/lib/ops/test-fleet'
import type { Lab } from '@/lib/ops/test-world'
import { startFleet } from '../fleet/fleet'
import { type Case, type FakeWorld, happen, inProcess, type Runner } from './case'
import { check, type Expected } from './check'
import { fakeHosts } from './fake-hosts'
import { FAULTS, WHENS, whyNot } from './faults'
import { changeTo, SHAPES, type ShapeName, start, stepsOf, type World } from './shapes'

const UDP = { kind: 'address', protocol: 'udp', vip: '172.25.254.100' }

/** Makes a cluster of three services that runs, of UDP: after an apply nobody waits for TCP's handshakes. */
export async function makeCluster(lab: Lab): Promise<string> {
  const clusterId = await createTutorial(lab, {
    service: { ...UDP, port: '53', scheduler: 'rr' },
  })
  const servers = [
    { hostId: lab.server2, rip: '172.25.254.2' },
    { hostId: lab.server3, rip: '172.25.254.3' },
  ]
  for (const port of ['123', '5353']) {
    const { version } = await getCluster(clusterId)
    const service = parseForm(serviceFormSchema, { ...UDP, port, scheduler: 'wlc' })
    const realServers = servers.map((server) => realServerFormSchema.parse(server))
    await addService(operator(), { clusterId, version }, { service, realServers })
  }
  const { state, failure } = await planAndApply(clusterId)
  if (state !== 'verified') throw new Error(`it does not run: ${JSON.stringify(failure)}`)
  return clusterId
}

/** The cluster on fake hosts. */
export async function startWorld(): Promise<FakeWorld> {
  let clusterId = ''
  const fleet = await startFleet(async (lab) => {
    clusterId = await makeCluster(lab)
  })
  return { fleet, hosts: fakeHosts(fleet), clusterId }
}

/** A shape with its plan, and what its hosts are before and after it. */
export type Shape = { name: ShapeName; steps: readonly Step[]; expected: Expected }

/** Runs each shape once without a fault, each after `begin`, to know its steps and where it ends. */
export async function measure(world: World, begin: () => Promise<unknown>): Promise<Shape[]> {
  const { hosts, clusterId } = world
  const shapes: Shape[] = []
  for (const name of SHAPES) {
    if (name === 'timed' && hosts.timers === undefined) continue
    await begin()
    await changeTo(world, name)
    const isSave = name === 'save'
    const steps = await stepsOf(clusterId, isSave)
    const [before, foreign] = [await hosts.look(), await hosts.foreignRules()]
    const rulesBefore = await hosts.ownRules()
    await (await start(operator(), clusterId, name)).done
    const left = await stepsOf(clusterId, isSave)
    if (left.length > 0) throw new Error(`${name} does not end: ${left[0]?.subject}`)
    const [after, rules] = [await hosts.look(), await hosts.ownRules()]
    shapes.push({ name, steps, expected: { before, after, foreign, rules, rulesBefore } })
  }
  return shapes
}

/** Every pair of a step and a fault, those that cannot occur apart. */
export function casesOf({ name, steps }: Shape): { cases: Case[]; impossible: number } {
  const all = steps.flatMap((step, at) =>
    FAULTS.flatMap((fault) => WHENS.map((when) => ({ shape: name, step, at, fault, when }))),
  )
  const cases = all.filter(({ step, fault, when }) => whyNot(step, fault, when) === undefined)
  return { cases, impossible: all.length - cases.length }
}

/** Runs one case and checks what must hold after it. Throws what does not. */
export async function runCase(
  world: FakeWorld,
  each: Case,
  { expected }: Shape,
  run: Runner = inProcess,
): Promise<void> {
  await check(world, each, await happen(world, each, run), expected)
}
