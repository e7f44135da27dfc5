import { describe, expect, test } from 'vitest'
import type { DesiredCluster } from './cluster'
import type { LedgerRow } from './ledger'
import { isApplyable, isForbidden, type Plan } from './plan'
import { planCluster } from './plan-cluster'
import type { World } from './plan-world'
import type { HostState, Running, RunningRealServer } from './running'
import { bareHosts, cluster, host, RR, realServer, VIP, WEIGHT_1, WWW } from './tutorial-world'
import { wantsOf } from './wants'

/** A cluster as it runs after its apply, with these active connections by the last number of the RIP. */
function running(of: DesiredCluster, active: Record<number, number>): World {
  const entries = (of.services[0]?.realServers ?? []).map(
    ({ key, config }): RunningRealServer => ({
      ...{ key, config, inactive: 0 },
      active: active[Number(key.rip.split('.')[3])] ?? 0,
    }),
  )
  const services = [{ key: WWW, config: RR, realServers: entries }]
  const hosts = bareHosts().map((state): HostState => {
    if (state.running === undefined) return state
    const isDirector = state.host.id === 'director'
    const addresses = [{ address: VIP, prefixLength: 32 }]
    const tunnel = { name: 'tunl0', kind: 'ipip', up: !isDirector, loopback: false, addresses }
    const quiet = { 'net.ipv4.conf.all.arp_ignore': '1', 'net.ipv4.conf.all.arp_announce': '2' }
    const now: Running = {
      ...state.running,
      modules: ['ipip', 'ip_vs'],
      devices: [...state.running.devices, tunnel],
      sysctls: { ...state.running.sysctls, ...(isDirector ? {} : quiet) },
      ipvs: isDirector ? { state: 'present', services, unreadable: [] } : { state: 'absent' },
    }
    return { host: state.host, running: now }
  })
  const ledger = hosts.flatMap(({ host: { id: hostId }, running: now }) =>
    now === undefined
      ? []
      : wantsOf(of, hostId, now).map(
          ({ item, value }): LedgerRow => ({
            ...{ hostId, item, written: value, clusters: ['www'], since: 'a1' },
            ...{ state: 'ours', origin: 'applied' },
          }),
        ),
  )
  return { clusterId: 'www', clusters: [of], hosts, ledger }
}

const planTo = (world: World, desired: DesiredCluster): Plan =>
  planCluster({ ...world, clusters: [desired] })
const quiesced = (...lans: number[]): DesiredCluster => {
  const of = cluster([2, 3, 4])
  const [service] = of.services
  if (service === undefined) throw new Error('the fixture has a service')
  const realServers = [2, 3, 4].map((lan) =>
    realServer(lan, { ...WEIGHT_1, weight: lans.includes(lan) ? 0 : 1 }),
  )
  return { ...of, services: [{ ...service, realServers }] }
}
const said = ({ refusals }: Plan) => refusals.map(({ why, override }) => ({ ...why, override }))
const WWW_NAME = `tcp ${VIP}:80`

describe('the last real server that takes connections', () => {
  const world = running(quiesced(3, 4), { 2: 8, 3: 3 })

  test('is quiesced only where somebody accepts that nobody answers, with how many that hits', () => {
    const plan = planTo(world, quiesced(2, 3, 4))
    expect(said(plan)).toMatchObject([
      {
        code: 'refusal.last-real-server',
        values: { service: WWW_NAME, host: 'director', active: 11 },
        override: `last-real-server director ${WWW_NAME}`,
      },
    ])
    expect(isForbidden(plan)).toBe(false)
    expect(isApplyable(plan)).toBe(false)
    expect(isApplyable(plan, new Set([`last-real-server director ${WWW_NAME}`]))).toBe(true)
  })

  test('is removed only so too, and that is one refusal, not two', () => {
    const { options, services } = quiesced(3, 4)
    const [service] = services
    const left = service?.realServers.filter(({ key }) => !key.rip.endsWith('.2')) ?? []
    const desired = cluster([], {
      options,
      services: service ? [{ ...service, realServers: left }] : [],
    })
    expect(said(planTo(world, desired)).map(({ code }) => code)).toEqual([
      'refusal.last-real-server',
    ])
  })

  test('a dead one can go: the refusal is to be accepted, not for good', () => {
    const plan = planTo(running(cluster([2]), {}), cluster([]))
    expect(plan.steps.some(({ argv }) => argv.includes('-d'))).toBe(true)
    expect(said(plan)).toMatchObject([{ code: 'refusal.last-real-server', values: { active: 0 } }])
  })

  test('one that is quiesced already, or leaves another one behind, asks nobody', () => {
    expect(said(planTo(running(quiesced(2), {}), cluster([3, 4])))).toEqual([])
    expect(said(planTo(running(quiesced(2, 3, 4), {}), quiesced(2, 3, 4)))).toEqual([])
  })
})

describe('a large share of the current connections', () => {
  test('is not cut without an acceptance: 8 of 17 are 47 %', () => {
    const plan = planTo(running(cluster([2, 3, 4]), { 2: 8, 3: 5, 4: 4 }), cluster([3, 4]))
    expect(said(plan)).toMatchObject([
      {
        code: 'refusal.cuts-connections',
        values: { percent: 47, cut: 8, active: 17, realServer: '172.25.254.2:80', servers: 1 },
      },
    ])
  })

  test('is what is cut together: of two that go, each too small alone', () => {
    const world = running(cluster([2, 3, 4]), { 2: 2, 3: 2, 4: 12 })
    expect(said(planTo(world, cluster([3, 4])))).toEqual([])
    expect(said(planTo(world, cluster([4])))).toMatchObject([{ values: { cut: 4, servers: 2 } }])
  })

  test('may be quiesced without one: nothing is cut, and that is how to drain', () => {
    const world = running(cluster([2, 3, 4]), { 2: 16, 3: 0, 4: 1 })
    expect(said(planTo(world, quiesced(2)))).toEqual([])
  })

  test('counters do not move the plan, whether or not they make a refusal', () => {
    const few = planTo(running(cluster([2, 3, 4]), { 2: 1, 3: 9, 4: 9 }), cluster([3, 4]))
    const many = planTo(running(cluster([2, 3, 4]), { 2: 9, 3: 1, 4: 1 }), cluster([3, 4]))
    expect([few.refusals.length, many.refusals.length]).toEqual([0, 1])
    expect(many.basis).toBe(few.basis)
  })
})

test('a service that goes with its connections says how many, one without any just goes', () => {
  const empty = cluster([], { services: [] })
  expect(said(planTo(running(cluster([2, 3]), { 2: 3, 3: 4 }), empty))).toMatchObject([
    { code: 'refusal.services-in-use', values: { service: WWW_NAME, active: 7, count: 1 } },
  ])
  expect(said(planTo(running(cluster([2, 3]), {}), empty))).toEqual([])
})

test('a new service whose real servers all have weight 0 is set up only on purpose', () => {
  const world: World = { clusterId: 'www', clusters: [], hosts: bareHosts(), ledger: [] }
  expect(said(planTo(world, quiesced(2, 3, 4)))).toMatchObject([
    { code: 'refusal.all-weights-zero', override: `all-weights-zero director ${WWW_NAME}` },
  ])
  expect(said(planTo(world, quiesced(2, 3)))).toEqual([])
})

test('of very many services each rule asks once, with their sums', () => {
  const key = (port: number) => ({ ...WWW, port })
  const of = cluster([2, 3])
  const [service] = of.services
  if (service === undefined) throw new Error('the fixture has a service')
  const ports = [81, 82, 83, 84, 85, 86]
  const many = { ...of, services: ports.map((port) => ({ ...service, key: key(port) })) }
  const world = running(of, {})
  const table = ports.map((port) => ({
    ...{ key: key(port), config: RR },
    realServers: [2, 3].map((lan) => ({ ...realServer(lan), active: lan })),
  }))
  const hosts = world.hosts.map(
    (state): HostState =>
      state.host.id !== 'director' || state.running === undefined
        ? state
        : {
            ...state,
            running: {
              ...state.running,
              ipvs: { state: 'present', services: table, unreadable: [] },
            },
          },
  )
  const director = hosts.find((state) => state.host.id === 'director')?.running
  const ledger = director === undefined ? [] : wantsOf(many, 'director', director)
  const plan = planCluster({
    ...{ clusterId: 'www', clusters: [{ ...of, services: [] }], hosts },
    ledger: ledger.map(({ item, value, hostId }) => ({
      ...{ hostId, item, written: value, clusters: ['www'], since: 'a1' },
      ...{ state: 'ours', origin: 'applied' },
    })),
  })
  expect(said(plan)).toMatchObject([
    {
      ...{ code: 'refusal.services-in-use', override: 'services-in-use director' },
      values: { count: 6, active: 30 },
    },
  ])
})

describe('a VIP that is an address by which the host lives', () => {
  const world: World = { clusterId: 'www', clusters: [], hosts: bareHosts(), ledger: [] }
  const at = (address: string, port: number, sshPort?: number): Plan => {
    const of = cluster([2])
    const [service] = of.services
    if (service === undefined) throw new Error('the fixture has a service')
    const services = [{ ...service, key: { ...WWW, vip: address, port } }]
    const hosts = world.hosts.map((state) => ({
      ...state,
      host: { ...state.host, ...(sshPort === undefined ? {} : { port: sshPort }) },
    }))
    return planTo({ ...world, hosts }, { ...of, services })
  }

  test('may be served by its director, which holds it and keeps it, when a person says so', () => {
    const [refusal] = said(at('172.25.254.1', 80, 22))
    expect(refusal?.code).toBe('refusal.vip-is-director-address')
    expect(refusal?.override).toBe('vip-is-director-address director 172.25.254.1')
  })

  test('never where the service would take the port of SSH, or nobody knows which that is', () => {
    for (const plan of [at('172.25.254.1', 22, 22), at('172.25.254.1', 0, 22), at(VIP, 80)])
      expect(said(plan).filter(({ override }) => override !== undefined)).toEqual([])
    expect(isForbidden(at('172.25.254.1', 80))).toBe(true)
  })

  test('never on a real server: its tunnel would hold its own address, silent', () => {
    expect(isForbidden(at('172.25.254.2', 80, 22))).toBe(true)
  })

  test('is not taken off by a plan either, even if we put it there', () => {
    const managed = running(cluster([2]), {})
    const hosts = managed.hosts.map((state) =>
      state.host.id === 'director'
        ? { ...state, host: { ...host('director'), address: VIP } }
        : state,
    )
    const plan = planTo({ ...managed, hosts }, cluster([], { services: [] }))
    expect(said(plan)).toMatchObject([{ code: 'refusal.host-address-goes' }])
    expect(isForbidden(plan)).toBe(true)
  })
})

test('a VIP that somebody else answers ARP for is put on the director only on purpose', () => {
  const arpAnswers = [
    { hostId: 'director', vip: VIP, mac: '52:54:00:12:34:56' },
    { hostId: 'director', vip: '172.25.254.101', mac: '52:54:00:12:34:57' },
  ]
  const world: World = {
    clusterId: 'www',
    clusters: [],
    hosts: bareHosts(),
    ledger: [],
    arpAnswers,
  }
  const plan = planTo(world, cluster([2]))
  expect(said(plan)).toMatchObject([
    {
      ...{
        code: 'refusal.vip-answers-elsewhere',
        override: `vip-answers-elsewhere director ${VIP}`,
      },
      values: { vip: VIP, mac: '52:54:00:12:34:56', host: 'director' },
    },
  ])
  expect(plan.basis).not.toBe(planTo({ ...world, arpAnswers: [] }, cluster([2])).basis)
})
