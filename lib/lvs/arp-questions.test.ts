import { expect, test } from 'vitest'
import { arpQuestions, parseArpAnswer } from './arp-questions'
import { planCluster } from './plan-cluster'
import type { World } from './plan-world'
import { bareHosts, cluster, VIP, WWW } from './tutorial-world'

const world = (hosts = bareHosts()): World => ({
  ...{ clusterId: 'www', clusters: [cluster([2])], hosts, ledger: [] },
})
const asked = (of: World) => arpQuestions(planCluster(of), of).map(({ argv }) => argv.join(' '))

test('a VIP that is new on the director is asked for on the device of its network', () => {
  expect(asked(world())).toEqual([`arping -D -c 2 -w 2 -I eth0 ${VIP}`])
})

test('nobody is asked where no VIP is added, there is no arping, or our own real server has it', () => {
  const without = bareHosts().map((state) =>
    state.running === undefined
      ? state
      : { ...state, running: { ...state.running, tools: state.running.tools.slice(0, 2) } },
  )
  const held = (name: string) =>
    bareHosts().map((state) => {
      const [lo, ...others] = state.running?.devices ?? []
      if (state.host.id !== name || state.running === undefined || lo === undefined) return state
      const addresses = [...lo.addresses, { address: VIP, prefixLength: 32 }]
      return { ...state, running: { ...state.running, devices: [{ ...lo, addresses }, ...others] } }
    })
  expect(asked(world(without))).toEqual([])
  expect(asked(world(held('director')))).toEqual([])
  expect(asked(world(held('server2')))).toEqual([])
  expect(asked(world(held('server4')))).toHaveLength(1)
})

test('more than four VIPs at once are not asked for, and a note of the plan names them', () => {
  const { services, ...rest } = cluster([2])
  const vips = Array.from({ length: 6 }, (_, at) => `172.25.254.${110 + at}`)
  const of = {
    ...world(),
    clusters: [
      {
        ...rest,
        services: vips.flatMap((vip) =>
          services.map((each) => ({ ...each, id: vip, key: { ...WWW, vip }, vips: [vip] })),
        ),
      },
    ],
  }
  expect(asked(of)).toHaveLength(4)
  const left = vips.slice(4).join(', ')
  expect(planCluster(of).notes.map(({ why }) => why)).toContainEqual({
    code: 'note.vips-not-asked',
    values: { count: 2, vips: left },
  })
  expect(planCluster(world()).notes).toEqual([])
})

test('the answer is the MAC address of the VIP, nobody else, whatever the exit was', () => {
  const reply = (of: string) => `Unicast reply from ${of} [52:54:00:AC:19:63]  0.742ms`
  const text = `ARPING ${VIP} from 0.0.0.0 eth0\n${reply(VIP)}\nReceived 1 response(s)\n`
  expect(parseArpAnswer(text, VIP)).toBe('52:54:00:ac:19:63')
  expect(parseArpAnswer(reply('172.25.254.101'), VIP)).toBeUndefined()
  expect(parseArpAnswer(`ARPING ${VIP}\nReceived 0 response(s)\n`, VIP)).toBeUndefined()
})
