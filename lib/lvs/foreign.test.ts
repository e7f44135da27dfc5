import { expect, test } from 'vitest'
import { foreignOn } from './foreign'
import type { Running } from './running'
import { bare, cluster, host, RR, WEIGHT_1, WWW } from './tutorial-world'

test('what is in the kernel and not in the ledger is foreign, in our services and beside them', () => {
  const byHand = { rip: '172.25.254.9', port: 80 }
  const running: Running = {
    ...bare(1),
    ipvs: {
      state: 'present',
      unreadable: ['-A --new-protocol 10.0.0.1:1'],
      services: [
        { key: WWW, config: RR, realServers: [{ key: byHand, config: WEIGHT_1 }] },
        { key: { kind: 'fwmark', mark: 7, family: 4 }, config: RR, realServers: [] },
      ],
    },
  }
  const ours = {
    hostId: 'director',
    item: { kind: 'service', service: WWW },
    written: '-s rr',
    state: 'ours',
    origin: 'applied',
    clusters: ['www'],
    since: 'a1',
  } as const
  const hosts = [
    { host: host('director'), running },
    { host: host('server2'), running: bare(2) },
  ]
  const world = { clusterId: 'www', clusters: [cluster([])], hosts, ledger: [ours] }
  expect(foreignOn(world)).toEqual([
    {
      hostId: 'director',
      hostName: 'director',
      services: [{ kind: 'fwmark', mark: 7, family: 4 }],
      entries: [{ service: WWW, realServer: byHand }],
      unreadable: ['-A --new-protocol 10.0.0.1:1'],
    },
  ])
})
