import { expect, test } from 'vitest'
import type { LedgerRow } from '@/lib/lvs/ledger'
import { RR, WEIGHT_1, WWW } from '@/lib/lvs/tutorial-world'
import { tableLines } from './table-lines'

const row = (item: LedgerRow['item']): LedgerRow => ({
  ...{ hostId: 'director', item, state: 'ours', origin: 'applied', clusters: ['www'], since: 'a1' },
})
const key = (lan: number) => ({ rip: `172.25.254.${lan}`, port: 80 })

test('lines are those of ipvsadm -Sn, ours by the ledger, what cannot be read verbatim and foreign', () => {
  const services = [
    {
      key: WWW,
      config: RR,
      realServers: [2, 9].map((lan) => ({ key: key(lan), config: WEIGHT_1 })),
    },
  ]
  const ledger = [
    row({ kind: 'service', service: WWW }),
    row({ kind: 'entry', service: WWW, realServer: key(2) }),
  ]
  const table = { state: 'present' as const, services, unreadable: ['-A -z what -s is'] }
  expect(tableLines(table, ledger)).toEqual([
    { text: '-A -t 172.25.254.100:80 -s rr', isOurs: true },
    { text: '-a -t 172.25.254.100:80 -r 172.25.254.2:80 -i -w 1', isOurs: true },
    { text: '-a -t 172.25.254.100:80 -r 172.25.254.9:80 -i -w 1', isOurs: false },
    { text: '-A -z what -s is', isOurs: false },
  ])
})
