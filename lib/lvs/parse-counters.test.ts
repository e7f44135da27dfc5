import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Unreadable } from '@/lib/errors'
import { parseConnections } from './parse-connections'
import { parsePersistent } from './parse-persistent'
import { parseProcStats } from './parse-proc-stats'
import { parseStats } from './parse-stats'
import { parseThresholds } from './parse-thresholds'
import { parseTimeouts } from './parse-timeouts'
import { formatRealServerKey, formatServiceKey } from './service'

const fixture = (name: string) =>
  readFileSync(new URL(`./fixtures/${name}.txt`, import.meta.url), 'utf8')
const SETS = ['tutorial', 'multi', 'multikernel']

const LISTINGS = [
  ['ipvsadm-Ln-thresholds', parseThresholds],
  ['ipvsadm-Ln-stats-exact', parseStats],
  ['ipvsadm-Ln-persistent-conn', parsePersistent],
] as const

describe.each(LISTINGS)('%s', (name, parse) => {
  const namesOf = (text: string) =>
    parse(text).services.flatMap((service) => [
      formatServiceKey(service.key),
      ...service.entries.map(
        (entry) => `${formatServiceKey(service.key)} ${formatRealServerKey(entry.key)}`,
      ),
    ])

  test.each(SETS)('every row of %s is understood and kept once', (set) => {
    const text = fixture(`${set}/${name}`)
    expect(parse(text).unreadable).toEqual([])
    expect(namesOf(text)).toHaveLength(text.trimEnd().split('\n').length - 3)
  })

  test('damaged, each row is read or kept, never lost, and nothing throws', () => {
    const original = fixture(`multi/${name}`)
    const flip = fc.tuple(
      fc.integer({ min: 200, max: original.length - 1 }),
      fc.integer({ min: 33, max: 126 }),
    )
    fc.assert(
      fc.property(fc.array(flip, { maxLength: 9 }), fc.nat(original.length), (changes, cut) => {
        const bytes = [...original]
        for (const [at, code] of changes)
          if (bytes[at] !== '\n') bytes[at] = String.fromCharCode(code)
        const text = bytes.join('').slice(0, Math.max(cut, 200))
        const rows = text.split('\n').filter((line) => line.trim() !== '').length - 3
        expect(namesOf(text).length + parse(text).unreadable.length).toBe(rows)
      }),
      { seed: 5 },
    )
  })
})

test('thresholds are read with the entry that has them', () => {
  const { services } = parseThresholds(fixture('multi/ipvsadm-Ln-thresholds'))
  const limited = services.flatMap((service) => service.entries).filter((entry) => entry.upper > 0)
  expect(limited).toEqual([
    { key: { rip: '172.25.254.2', port: 80 }, upper: 100, lower: 80, active: 0, inactive: 8 },
  ])
})

test('stats of the tutorial: the service is the sum of its entries, answers are not seen', () => {
  const [service] = parseStats(fixture('tutorial/ipvsadm-Ln-stats-exact')).services
  expect(service).toMatchObject({ connections: 29, inPackets: 194, inBytes: 12582, outBytes: 0 })
  expect(service?.entries.map((entry) => entry.connections)).toEqual([14, 15])
})

test('abbreviated numbers (without --exact) are unreadable, not taken for small ones', () => {
  const { unreadable, services } = parseStats(fixture('multikernel/ipvsadm-Ln-stats'))
  expect(unreadable).toHaveLength(2)
  expect(unreadable.every((line) => line.includes('187073K'))).toBe(true)
  expect(services).toHaveLength(2)
})

describe('rows that are not spelled plainly are read as the plain ones are', () => {
  const entryOf = (row: string) => {
    const { services, unreadable } = parseStats(`TCP  172.25.254.100:80 1 2 3 4 5\n${row}\n`)
    return services[0]?.entries[0] ?? unreadable
  }
  const totals = { connections: 1, inPackets: 2, outPackets: 3, inBytes: 4, outBytes: 5 }
  const plain = { key: { rip: '172.25.254.2', port: 80 }, ...totals }

  test.each([
    ['with a carriage return', '  -> 172.25.254.2:80  1 2 3 4 5\r'],
    ['with tabulators', '  ->\t172.25.254.2:80\t1\t2\t3\t4\t5'],
    ['with spaces after it', '  -> 172.25.254.2:80  1 2 3 4 5  '],
    ['with a zero before its port', '  -> 172.25.254.2:080  1 2 3 4 5'],
  ])('%s', (_, row) => expect(entryOf(row)).toEqual(plain))

  test('IPv6, and a number that a double cannot hold', () => {
    const rip = 'fd00:254::3'
    expect(entryOf(`  -> [${rip}]:80  1 2 3 4 5`)).toEqual({ ...plain, key: { rip, port: 80 } })
    expect(entryOf('  -> 172.25.254.2:80  1 2 3 18446744073709551615 5')).toEqual({
      ...{ ...plain, inBytes: 2 ** 64 },
    })
  })

  test.each([
    '  -> 172.25.254.02:80  1 2 3 4 5',
    '  -> 172.25.254.256:80  1 2 3 4 5',
    '  -> 172.25.254:80  1 2 3 4 5',
    '  -> 172.25.254.2.1:80  1 2 3 4 5',
    '  -> 172.25.254.2:65536  1 2 3 4 5',
    '  -> 172.25.254.2:80  1 2 3 4',
    '  -> 172.25.254.2:80  1 2 3 4 5 6',
    '  -> 172.25.254.2:80  1 2 3 4 -5',
    '  -> 172.25.254.2:80  1 2 3 4 18446744073709559999999',
    '  -> 172.25.254.2  1 2 3 4 5',
  ])('%s is kept as unreadable', (row) => expect(entryOf(row)).toEqual([row]))
})

test('entries of SCTP are counted under it, those of an unknown protocol under nothing', () => {
  const rows = (name: string, count: number) => [
    `${name} ${count} 0 0 0 0`,
    `  -> 172.25.254.2:2905 ${count} 0 0 0 0`,
  ]
  const unknown = rows('DCCP 172.25.254.100:2905', 3)
  const lines = [
    ...rows('TCP  172.25.254.100:2905', 1),
    ...rows('SCTP 172.25.254.100:2905', 2),
    ...unknown,
    ...rows('FWM  8 IPv6', 4),
  ]
  const { services, unreadable } = parseStats(`${lines.join('\n')}\n`)
  expect(
    services.map(({ key, entries }) => [
      formatServiceKey(key),
      entries.map(({ connections }) => connections),
    ]),
  ).toEqual([
    ['tcp 172.25.254.100:2905', [1]],
    ['sctp 172.25.254.100:2905', [2]],
    ['fwmark 8 ipv6', [4]],
  ])
  expect(unreadable).toEqual(unknown)
})

test('persistence templates are counted apart from connections', () => {
  const { services } = parsePersistent(fixture('multi/ipvsadm-Ln-persistent-conn'))
  const service = services.find(({ key }) => formatServiceKey(key) === 'tcp 172.25.254.102:80')
  expect(service?.entries.map((entry) => [entry.persistent, entry.inactive])).toEqual([
    [0, 0],
    [1, 8],
  ])
})

test('totals of the director are hexadecimal', () => {
  expect(parseProcStats(fixture('multikernel/proc-ip_vs_stats'))).toEqual({
    connections: 11,
    inPackets: 130099,
    outPackets: 5,
    inBytes: 187074500,
    outBytes: 2880,
  })
  for (const set of SETS)
    expect(() => parseProcStats(fixture(`${set}/proc-ip_vs_stats`))).not.toThrow()
  expect(() => parseProcStats('cat: no such file\n')).toThrow(Unreadable)
})

test('timeouts are in seconds', () => {
  expect(parseTimeouts(fixture('tutorial/ipvsadm-L-timeout'))).toEqual({
    tcp: 900,
    tcpFin: 120,
    udp: 300,
  })
  expect(parseTimeouts(fixture('errors/timeout-set'))).toEqual({ tcp: 30, tcpFin: 20, udp: 10 })
  expect(() => parseTimeouts('Timeout (tcp tcpfin udp): 900 120')).toThrow(Unreadable)
})

describe('connections', () => {
  test.each(SETS)('every row of %s is counted once', (set) => {
    const text = fixture(`${set}/proc-ip_vs_conn`)
    const { counts, unreadable } = parseConnections(text)
    const total = counts.reduce(
      (sum, { states, templates }) =>
        sum + templates + Object.values(states).reduce((a, b) => a + b, 0),
      0,
    )
    expect(unreadable).toEqual([])
    expect(total).toBe(text.trimEnd().split('\n').length - 1)
  })

  test('a real server that does not answer has SYN_RECV alone, IPv6 as well', () => {
    const { counts } = parseConnections(fixture('multikernel/proc-ip_vs_conn'))
    expect(counts).toContainEqual({
      service: 'tcp [fd00:254::100]:80',
      realServer: '[fd00:254::3]:80',
      states: { SYN_RECV: 2 },
      templates: 0,
    })
    expect(counts).toContainEqual({
      service: 'tcp 172.25.254.100:9000',
      realServer: '172.25.254.2:9000',
      states: { FIN_WAIT: 3, ESTABLISHED: 1 },
      templates: 0,
    })
  })

  test('a template is no connection', () => {
    const { counts } = parseConnections(fixture('multi/proc-ip_vs_conn'))
    expect(counts.filter((one) => one.templates > 0)).toEqual([
      {
        service: 'tcp 172.25.254.102:80',
        realServer: '172.25.254.3:80',
        states: { FIN_WAIT: 8 },
        templates: 1,
      },
    ])
  })

  test('rows that are not understood are kept, another file is refused', () => {
    const header =
      'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n'
    const row = 'TCP AC19FEFA EDBC AC19FE64 0050 AC19FE0 0050 FIN_WAIT         96'
    expect(parseConnections(`${header}${row}\n`)).toEqual({ counts: [], unreadable: [row] })
    expect(() => parseConnections('')).toThrow(Unreadable)
  })
})
