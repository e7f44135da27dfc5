import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Unreadable } from '@/lib/errors'
import { formatTableKey } from './parse-ipvs'
import { parseProcTable } from './parse-table'
import { formatRealServerKey } from './service'

const fixture = (name: string) =>
  readFileSync(new URL(`./fixtures/${name}.txt`, import.meta.url), 'utf8')

const names = (text: string) =>
  parseProcTable(text).services.flatMap((service) => [
    formatTableKey(service.key),
    ...service.entries.map(
      (entry) => `${formatTableKey(service.key)} ${formatRealServerKey(entry.key)}`,
    ),
  ])
const find = (text: string, name: string) =>
  parseProcTable(text).services.find((service) => formatTableKey(service.key) === name)

const HEADER = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
`

test.each(['tutorial/proc-ip_vs', 'multi/proc-ip_vs', 'multikernel/proc-ip_vs', 'lean/table'])(
  'every row of %s is understood and kept once',
  (name) => {
    const text = fixture(name)
    expect(parseProcTable(text).unreadable).toEqual([])
    expect(names(text)).toHaveLength(text.trimEnd().split('\n').length - 3)
  },
)

test('a user who is not root reads the same table', () => {
  expect(parseProcTable(fixture('errors/nonroot-proc')).services).toEqual([
    {
      key: { kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port: 80 },
      scheduler: 'rr',
      onePacket: false,
      entries: [
        {
          key: { rip: '172.25.254.2', port: 80 },
          method: 'tunnel',
          weight: 1,
          active: 0,
          inactive: 12,
        },
      ],
    },
  ])
})

describe('row kinds', () => {
  const multi = fixture('multi/proc-ip_vs')

  test('persistence is in jiffies, with its mask in hex', () => {
    expect(find(multi, 'tcp 172.25.254.102:0')?.persistence).toEqual({
      jiffies: 60000,
      maskHex: 'FFFFFF00',
    })
  })

  test('one-packet, marks, SCTP and IPv6 are read', () => {
    expect(find(multi, 'udp 172.25.254.100:5353')?.onePacket).toBe(true)
    expect(find(multi, 'fwmark 7')?.entries.map((entry) => entry.weight)).toEqual([20, 10])
    expect(find(multi, 'fwmark 8')?.entries).toEqual([])
    expect(find(multi, 'sctp 172.25.254.100:2905')?.entries).toHaveLength(1)
    expect(find(multi, 'tcp [fd00:254::100]:80')?.entries).toMatchObject([
      { key: { rip: 'fd00:254::3' }, method: 'route' },
      { key: { rip: 'fd00:254::2' }, method: 'tunnel' },
    ])
  })

  test('masquerade, route and tunnel are read; ports are theirs', () => {
    expect(
      find(multi, 'tcp 172.25.254.104:82')?.entries.map(({ key, method }) => [key.port, method]),
    ).toEqual([
      [82, 'tunnel'],
      [82, 'route'],
      [8082, 'masquerade'],
    ])
  })

  test('a local destination and an IPv6 one under an IPv4 service are read', () => {
    const text = `${HEADER}TCP  AC19FE64:0050 rr  
  -> AC19FE01:0050      Local   1      0          4         
  -> [fd00:0254:0000:0000:0000:0000:0000:0002]:0050      Tunnel  1      0          0         
`
    expect(find(text, 'tcp 172.25.254.100:80')?.entries).toMatchObject([
      { method: 'local', inactive: 4 },
      { key: { rip: 'fd00:254::2', port: 80 } },
    ])
  })

  test('a weight that fills its column is read whole', () => {
    const rows = fixture('errors/dest-is-local')
    const table = rows.slice(rows.indexOf('IP Virtual Server'))
    const weights = find(table, 'tcp 172.25.254.100:80')?.entries.map((entry) => entry.weight)
    expect(weights).toEqual([1, 1, 2147483647, 1])
  })
})

describe('what is not understood', () => {
  test('entries under an unknown protocol are not counted under the service above', () => {
    const text = `${HEADER}TCP  AC19FE64:0050 rr  
IP_50  AC19FE64:0000 rr  
  -> AC19FE03:0000      Tunnel  1      0          0         
`
    expect(names(text)).toEqual(['tcp 172.25.254.100:80'])
    expect(parseProcTable(text).unreadable).toHaveLength(2)
  })

  test.each([
    '  -> AC19FE0:0050      Tunnel  1      0          0         ',
    '  -> AC19FE03:0050      Bypass  1      0          0         ',
    '  -> AC19FE03:0050      Tunnel  -1      0          0         ',
    '  -> AC19FE03:0050      Tunnel  1      0          ',
    '  -> AC19FE03:0050      Tunnel  1      0          0         9',
    '  -> [fd00:0254:0000:0000:0000:0000:0000]:0050      Tunnel  1      0          0         ',
    'TCP  AC19FE65:0050 rr  persistent 60000',
    'TCP  AC19FE65:0050 rr  sticky',
    'FWM  00000000 rr ',
    'nonsense',
  ])('%s is kept verbatim', (row) => {
    const text = `${HEADER}TCP  AC19FE64:0050 rr  \n${row}\n`
    expect(parseProcTable(text).unreadable).toEqual([row])
    expect(names(text)).toEqual(['tcp 172.25.254.100:80'])
  })

  test('another file is refused', () => {
    expect(() => parseProcTable('cat: /proc/net/ip_vs: No such file or directory\n')).toThrow(
      Unreadable,
    )
  })
})

describe('damaged copies', () => {
  const original = fixture('multi/proc-ip_vs')
  const known = new Set(names(original))

  test('cut anywhere, it is refused or holds nothing that was not there', () => {
    for (let at = 0; at < original.length; at++) {
      const cut = original.slice(0, at)
      if (cut.startsWith('IP Virtual Server version '))
        expect(names(cut).every((name) => known.has(name))).toBe(true)
      else expect(() => parseProcTable(cut)).toThrow(Unreadable)
    }
  })

  test('with bytes flipped, each row is read or kept, never lost', () => {
    const flips = fc.array(
      fc.tuple(
        fc.integer({ min: 150, max: original.length - 1 }),
        fc.integer({ min: 33, max: 126 }),
      ),
      { minLength: 1, maxLength: 20 },
    )
    fc.assert(
      fc.property(flips, (changes) => {
        const bytes = [...original]
        for (const [at, code] of changes)
          if (bytes[at] !== '\n') bytes[at] = String.fromCharCode(code)
        const text = bytes.join('')
        const total = names(text).length + parseProcTable(text).unreadable.length
        expect(total).toBe(text.trimEnd().split('\n').length - 3)
      }),
      { seed: 1 },
    )
  })
})
