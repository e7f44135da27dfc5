import { describe, expect, test } from 'vitest'
import type { Item, LedgerRow } from './ledger'
import { intendLedger, settleLedger } from './ledger-change'
import { planCluster } from './plan-cluster'
import type { HostState, Running } from './running'
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
