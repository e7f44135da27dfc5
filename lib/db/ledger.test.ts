import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatItem, type LedgerRow } from '@/lib/lvs/ledger'
import { createHost, removeHost } from './hosts'
import { dropLedger, listLedger, replaceBefore, saveLedger } from './ledger'
import { useTestDatabase } from './test-database'
import { inTransaction } from './transaction'

let remove: () => Promise<void>
beforeEach(async () => {
  ;({ remove } = await useTestDatabase())
  const access = {
    address: '127.0.0.1',
    port: 22,
    user: 'root',
    authKind: 'agent',
    become: 'root',
  } as const
  await inTransaction(async (tx) => {
    for (const id of ['h1', 'h2']) await createHost(tx, { id, name: id, ...access })
  })
})
afterEach(() => remove())

const service = { kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port: 80 } as const
const common = { state: 'ours', origin: 'applied', since: 'a1' } as const
const ROWS: LedgerRow[] = [
  {
    hostId: 'h1',
    item: { kind: 'address', address: '172.25.254.100', device: 'tunl0' },
    written: '172.25.254.100/32',
    clusters: ['c1', 'c2'],
    ...common,
  },
  {
    hostId: 'h1',
    item: { kind: 'entry', service, realServer: { rip: '172.25.254.2', port: 80 } },
    clusters: ['c2'],
    ...common,
    origin: 'adopted',
  },
  {
    hostId: 'h1',
    item: { kind: 'file', path: '/etc/modules-load.d/tunboard.conf' },
    clusters: [],
    ...common,
  },
  {
    hostId: 'h1',
    item: { kind: 'link', device: 'tunl0' },
    before: 'down',
    written: 'up',
    clusters: ['c1'],
    ...common,
  },
  { hostId: 'h1', item: { kind: 'module', name: 'ipip' }, clusters: ['c1'], ...common },
  {
    hostId: 'h2',
    item: { kind: 'service', service: { kind: 'fwmark', mark: 7, family: 6 } },
    clusters: ['c1'],
    ...common,
    state: 'intended',
  },
  {
    hostId: 'h2',
    item: { kind: 'sysctl', key: 'net.ipv4.conf.all.arp_ignore' },
    before: '0',
    written: '1',
    clusters: ['c1'],
    ...common,
  },
]
const save = (rows: readonly LedgerRow[]) => inTransaction((tx) => saveLedger(tx, rows))

test('every kind of item comes back as it was written, absent values absent', async () => {
  await save(ROWS.toReversed())
  expect(await listLedger()).toStrictEqual(ROWS)
})

test('rows are listed by host and by cluster', async () => {
  await save(ROWS)
  const items = async (filter: Parameters<typeof listLedger>[0]) =>
    (await listLedger(filter)).map(({ item }) => formatItem(item))
  expect(await items({ hostIds: ['h2'] })).toEqual([
    'service fwmark 7 ipv6',
    'sysctl net.ipv4.conf.all.arp_ignore',
  ])
  expect(await items({ clusterId: 'c2' })).toEqual([
    'address 172.25.254.100 on tunl0',
    'entry 172.25.254.2:80 in tcp 172.25.254.100:80',
  ])
  expect(await items({ hostIds: [] })).toEqual([])
})

test('a second touch never overwrites the value before the first one', async () => {
  const [row] = ROWS.slice(-1)
  if (row === undefined) throw new Error('no fixture')
  await save([row])
  await save([{ ...row, before: '1', written: '2', clusters: ['c1', 'c3'] }])
  const { before: _, ...withoutBefore } = row
  await save([{ ...withoutBefore, written: '3', clusters: ['c3'] }])
  expect(await listLedger()).toStrictEqual([{ ...row, written: '3', clusters: ['c3'] }])
  await inTransaction((tx) => replaceBefore(tx, row, undefined))
  expect((await listLedger())[0]).not.toHaveProperty('before')
})

test('a row that is dropped is gone, the others stay', async () => {
  await save(ROWS)
  await inTransaction((tx) => dropLedger(tx, ROWS.slice(1)))
  expect(await listLedger()).toStrictEqual(ROWS.slice(0, 1))
})

test('a host with rows in the ledger cannot be removed, whoever forgot to ask', async () => {
  await save(ROWS.slice(0, 1))
  await expect(inTransaction((tx) => removeHost(tx, 'h1'))).rejects.toThrow('Foreign key')
  await inTransaction((tx) => removeHost(tx, 'h2'))
})

test('more rows than one statement takes are written, changed and dropped, each once', async () => {
  const many = Array.from({ length: 6001 }, (_, at): LedgerRow => {
    const item = { kind: 'sysctl', key: `net.${String(at).padStart(4, '0')}` } as const
    return { hostId: 'h1', item, before: '0', written: '1', clusters: ['c1'], ...common }
  })
  await save(many)
  await save(many.map((row) => ({ ...row, before: 'other', written: '2' })))
  expect(await listLedger()).toStrictEqual(many.map((row) => ({ ...row, written: '2' })))
  await inTransaction((tx) => dropLedger(tx, many.slice(1)))
  expect(await listLedger()).toHaveLength(1)
})
