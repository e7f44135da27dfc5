import { describe, expect, test } from 'vitest'
import type { Item, LedgerRow } from './ledger'
import { intendLedger, settleLedger } from './ledger-change'
import { planCluster } from './plan-cluster'
import type { HostState, Running, RunningService } from './running'
import { bare, bareHosts, cluster, host } from './tutorial-world'

const ARP: Item = { kind: 'sysctl', key: 'net.ipv4.conf.all.arp_ignore' }

const row = (values: Partial<LedgerRow> = {}): LedgerRow => ({
  hostId: 'server2',
  item: ARP,
  before: '0',
  written: '1',
  state: 'intended',
  origin: 'applied',
  clusters: ['www'],
  since: 'a1',
  ...values,
})

const plan = (ledger: LedgerRow[] = [], hosts: HostState[] = bareHosts(), lans = [2]) =>
  planCluster({ clusterId: 'www', clusters: [cluster(lans)], hosts, ledger })

/** server2 with arp_ignore as given. */
const server2 = (value: string): HostState[] => {
  const running: Running = bare(2)
  const sysctls = { ...running.sysctls, [ARP.kind === 'sysctl' ? ARP.key : '']: value }
  return [{ host: host('server2'), running: { ...running, sysctls } }]
}

describe('what became of a row, by reading back', () => {
  test('the written value is there: ours', () => {
    const { saved, dropped } = settleLedger(plan(), [row()], server2('1'))
    expect(saved).toEqual([row({ state: 'ours' })])
    expect(dropped).toEqual([])
  })

  test('the value is as before: forgotten, the step never happened', () => {
    expect(settleLedger(plan(), [row()], server2('0'))).toEqual({
      saved: [],
      dropped: [{ hostId: 'server2', item: ARP }],
    })
  })

  test('neither: kept as intended, it shows as drift', () => {
    expect(settleLedger(plan(), [row()], server2('2'))).toEqual({ saved: [], dropped: [] })
  })

  test('the host could not be read: kept', () => {
    expect(settleLedger(plan(), [row()], [])).toEqual({ saved: [], dropped: [] })
  })

  test('a row of another cluster is not looked at', () => {
    const foreign = row({ clusters: ['dns'] })
    expect(settleLedger(plan(), [foreign], server2('0'))).toEqual({ saved: [], dropped: [] })
  })
})

const entryOf = (rip: string): RunningService['realServers'][number] => ({
  key: { rip, port: 80 },
  config: { forwarding: { method: 'route' }, weight: 1, upperThreshold: 0, lowerThreshold: 0 },
  active: 0,
  inactive: 0,
})

describe('what was intended and not carried out', () => {
  const WWW: Item = {
    kind: 'service',
    service: { kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port: 80 },
  }
  const step = plan().steps.find(({ kind }) => kind === 'service')
  const { id = '', hostId = '', after = '' } = step ?? {}
  const mine = (values: Partial<LedgerRow> = {}): LedgerRow => {
    const { before: _, ...rest } = row({ hostId, item: WWW, written: after })
    return { ...rest, ...values }
  }
  const director = (scheduler: string, rip?: string): HostState[] => {
    const service: RunningService = {
      key: { kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port: 80 },
      config: { scheduler, flags: [], onePacket: false },
      realServers: rip === undefined ? [] : [entryOf(rip)],
    }
    const ipvs = { state: 'present', services: [service], unreadable: [] } as const
    return [{ host: host('director'), running: { ...bare(1), ipvs } }]
  }
  const none = new Set<string>()
  const [refused, unsent, unknown] = [
    { applyId: 'a1', unknown: none, refused: new Set([id]), unsent: none },
    { applyId: 'a1', unknown: none, refused: none, unsent: new Set([id]) },
    { applyId: 'a1', unknown: new Set([id]), refused: none, unsent: none },
  ]
  const gone = { saved: [], dropped: [{ hostId, item: WWW }] }
  const kept = { saved: [], dropped: [] }

  test.each([
    ['refused, and somebody else has another one', refused, director('wlc'), gone],
    ['refused, and somebody else has the same, in use', refused, director('rr', '10.9.9.9'), gone],
    ['never sent, and somebody else has the same', unsent, director('rr'), gone],
    ['an unknown reply, which may still be on its way', unknown, director('wlc'), kept],
  ])('%s: it is forgotten, unless nobody knows', (_, fates, hosts, change) => {
    expect(settleLedger(plan(), [mine()], hosts, fates)).toEqual(change)
  })

  test('refused, and our work is there all the same: ours', () => {
    const { saved } = settleLedger(plan(), [mine()], director('rr'), refused)
    expect(saved).toEqual([mine({ state: 'ours' })])
  })

  test('a row of an earlier apply, or one that was ours, is kept', () => {
    for (const known of [mine({ since: 'a0' }), mine({ state: 'ours' })])
      expect(settleLedger(plan(), [known], director('wlc'), refused)).toEqual(kept)
  })
})

test('what another cluster prepared is used by both, and its memory stays', () => {
  const ledger = [row({ clusters: ['dns'], state: 'ours' })]
  const hosts = [...bareHosts().filter((each) => each.host.id !== 'server2'), ...server2('1')]
  const rows = intendLedger(plan(ledger, hosts), ledger, 'a2')
  const shared = rows.find(({ item }) => item === ARP)
  expect(shared).toMatchObject({ clusters: ['dns', 'www'], before: '0', since: 'a1' })
})

test('a step that puts something back writes no intention: its row goes when it is read', () => {
  const ledger = [row({ state: 'ours' })]
  const hosts = [...bareHosts().filter((each) => each.host.id !== 'server2'), ...server2('1')]
  const removal = plan(ledger, hosts, [])
  expect(removal.steps.map(({ argv }) => argv.join(' '))).toContain(
    'sysctl -w net.ipv4.conf.all.arp_ignore=0',
  )
  expect(intendLedger(removal, ledger, 'a2').filter(({ item }) => item.kind === 'sysctl')).toEqual(
    [],
  )
  const { dropped } = settleLedger(removal, ledger, server2('0'))
  expect(dropped).toEqual([{ hostId: 'server2', item: ARP }])
})
