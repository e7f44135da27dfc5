import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entryCommand, realServerOptions, serviceCommand, serviceOptions } from './commands'
import { parseRules, type RuleEntry, type RuleService } from './parse-rules'
import { type Forwarding, formatRealServerKey, formatServiceKey, type ServiceKey } from './service'

const fixture = (name: string) =>
  readFileSync(new URL(`./fixtures/${name}.txt`, import.meta.url), 'utf8')

const names = (text: string) =>
  parseRules(text).services.flatMap((service) => [
    formatServiceKey(service.key),
    ...service.entries.map(
      (entry) => `${formatServiceKey(service.key)} ${formatRealServerKey(entry.key)}`,
    ),
  ])

const find = (text: string, name: string) =>
  parseRules(text).services.find((service) => formatServiceKey(service.key) === name)

describe('captures of ipvsadm -Sn', () => {
  test.each(
    ['tutorial', 'multi', 'multikernel'].flatMap((set) => [
      `${set}/ipvsadm-Sn`,
      `${set}/ipvsadm-save-n`,
    ]),
  )('every line of %s is understood and kept once', (name) => {
    const text = fixture(name)
    expect(parseRules(text).unreadable).toEqual([])
    expect(names(text)).toHaveLength(text.trim().split('\n').length)
  })

  test('the tutorial is one rr service with two ipip entries', () => {
    const config = {
      forwarding: { method: 'tunnel', tunnel: { type: 'ipip' } },
      weight: 1,
      upperThreshold: 0,
      lowerThreshold: 0,
    }
    expect(parseRules(fixture('tutorial/ipvsadm-Sn')).services).toEqual([
      {
        key: { kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port: 80 },
        config: { scheduler: 'rr', flags: [], onePacket: false },
        entries: [
          { key: { rip: '172.25.254.2', port: 80 }, config },
          { key: { rip: '172.25.254.3', port: 80 }, config },
        ],
      },
    ])
  })

  // seen on Linux 6.1 after `ipvsadm -A -f 4000000000`
  test('a mark that is printed as a negative number is the one that was given', () => {
    const text =
      '-A -f -294967296 -s wlc\n-a -f -294967296 -r 172.25.254.2:0 -i -w 1 --tun-type ipip\n-A -f -1 -6 -s rr\n'
    expect(names(text)).toEqual([
      'fwmark 4000000000',
      'fwmark 4000000000 172.25.254.2:0',
      'fwmark 4294967295 ipv6',
    ])
    for (const mark of ['-0', '-2147483649', '--1', '4294967296'])
      expect(parseRules(`-A -f ${mark} -s wlc\n`).services).toEqual([])
  })

  test('persistence, mask, flags, engine and one-packet are read', () => {
    const config = (name: string) => find(fixture('multi/ipvsadm-Sn'), name)?.config
    expect(config('tcp 172.25.254.102:0')).toMatchObject({
      persistence: { timeoutSeconds: 600, mask: '255.255.255.0' },
    })
    expect(config('tcp 172.25.254.102:80')?.persistence).toEqual({ timeoutSeconds: 300 })
    expect(config('tcp 172.25.254.103:81')?.flags).toEqual(['mh-fallback', 'mh-port'])
    expect(config('udp 172.25.254.100:5060')?.persistenceEngine).toBe('sip')
    expect(config('udp 172.25.254.100:5353')?.onePacket).toBe(true)
    expect(config('fwmark 8 ipv6')?.scheduler).toBe('rr')
  })

  test('every forwarding method and tunnel is read', () => {
    const forwarding = (name: string) =>
      find(fixture('multi/ipvsadm-Sn'), name)?.entries.map((entry) => entry.config.forwarding)
    expect(forwarding('tcp 172.25.254.104:81')).toEqual([
      { method: 'tunnel', tunnel: { type: 'gue', port: 6080, checksum: 'none' } },
      { method: 'tunnel', tunnel: { type: 'gre', checksum: 'none' } },
      { method: 'tunnel', tunnel: { type: 'gue', port: 6080, checksum: 'remcsum' } },
    ])
    expect(forwarding('tcp 172.25.254.104:82')).toEqual([
      { method: 'masquerade' },
      { method: 'route' },
      { method: 'tunnel', tunnel: { type: 'ipip' } },
    ])
  })

  test('a weight of 0 is kept, not read as unset', () => {
    const entries = find(fixture('multi/ipvsadm-Sn'), 'tcp 172.25.254.101:80')?.entries
    expect(entries?.map((entry) => entry.config.weight)).toEqual([3, 1, 0])
  })

  test.each(['ok', 'edit-delete', 'error-middle', 'crlf', 'long-opts', 'save-restore-roundtrip'])(
    'of the capture restore/%s only what is no rule is unreadable',
    (name) => {
      const text = fixture(`restore/${name}`)
      const lines = text.trim().split('\n')
      const rules = lines.filter((line) => line.startsWith('-A') || line.startsWith('-a'))
      expect(parseRules(text).unreadable).toEqual(lines.filter((line) => !rules.includes(line)))
      expect(names(text)).toHaveLength(rules.length)
    },
  )
})

describe('defaults of ipvsadm(8) where a hand wrote less', () => {
  const text = `ipvsadm --add-service --tcp-service 10.0.0.1:80 --persistent\r
   -a -t 10.0.0.1:80 -r 10.0.0.2
-A -f 9
-a -f 9 -r 10.0.0.2 --ipip --weight 4 --u-threshold 7 --l-threshold 3`

  test('wlc, -g, weight 1, the port of the service, and 360 s', () => {
    expect(find(text, 'tcp 10.0.0.1:80')).toEqual({
      key: { kind: 'address', protocol: 'tcp', vip: '10.0.0.1', port: 80 },
      config: {
        scheduler: 'wlc',
        flags: [],
        persistence: { timeoutSeconds: 360 },
        onePacket: false,
      },
      entries: [
        {
          key: { rip: '10.0.0.2', port: 80 },
          config: {
            forwarding: { method: 'route' },
            weight: 1,
            upperThreshold: 0,
            lowerThreshold: 0,
          },
        },
      ],
    })
  })

  test('an entry of a mark without a port has port 0, and thresholds are read', () => {
    const [entry] = find(text, 'fwmark 9')?.entries ?? []
    expect(entry?.key).toEqual({ rip: '10.0.0.2', port: 0 })
    expect(entry?.config).toMatchObject({ weight: 4, upperThreshold: 7, lowerThreshold: 3 })
  })
})

describe('what is not understood', () => {
  test('an entry whose service line is unreadable belongs to no other service', () => {
    const text = `-A -t 10.0.0.1:80 -s rr
-A -t 10.0.0.9:80 -s rr --new-option 5
-a -t 10.0.0.9:80 -r 10.0.0.2:80 -i -w 1
`
    expect(names(text)).toEqual(['tcp 10.0.0.1:80'])
    expect(parseRules(text).unreadable).toEqual(text.trim().split('\n').slice(1))
  })

  test.each([
    '-E -t 10.0.0.1:80 -s rr',
    '# a comment',
    '-C',
    '-A -t 10.0.0.1 -s',
    '-A -t 10.0.0.1:80 -t 10.0.0.1:80 -s rr',
    '-A -t 10.0.0.1:80 -u 10.0.0.1:80 -s rr',
    '-A -t 300.0.0.1:80 -s rr',
    '-A -t 10.0.0.1:65536 -s rr',
    '-A -t fd00::1:80x -s rr',
    '-A -t www:80 -s rr',
    '-A -t 10.0.0.1:80 -6 -s rr',
    '-A -f 0 -s rr',
    '-A -t 10.0.0.1:80 -s rr -M 255.255.255.0',
    '-A -t 10.0.0.1:80 -s rr -p 0',
    '-A -t 10.0.0.1:80 -s a-name-of-16-chars',
    '-A -t 10.0.0.1:80 -s rr -w 1',
    '-A -t 10.0.0.2:80 -s rr',
    '-a -t 10.0.0.2:80 -r 10.0.0.3:80 -i -w 1',
    '-a -t 10.0.0.2:80 -r 10.0.0.4:80 -i -w -1',
    '-a -t 10.0.0.2:80 -r 10.0.0.4:80 -i -w 2147483648',
    '-a -t 10.0.0.2:80 -r 10.0.0.4:80 -i -g -w 1',
    '-a -t 10.0.0.2:80 -r 10.0.0.4:80 -i -w 1 --tun-type vxlan',
    '-a -t 10.0.0.2:80 -r 10.0.0.4:80 -i -w 1 --tun-type gue',
    '-a -t 10.0.0.2:80 -r 10.0.0.4:80 -i -w 1 --tun-type gre --tun-port 5',
    '-a -t 10.0.0.2:80 -r 10.0.0.4:80 -i -w 1 --tun-type gre --tun-remcsum',
    '-a -t 10.0.0.2:80 -r 10.0.0.4:80 -i -w 1 --tun-port 5',
    '-a -t 10.0.0.2:80 -r 10.0.0.4:80 -g -w 1 --tun-type ipip',
    '-a -t 10.0.0.2:80 -r 10.0.0.4:80 -i -w 1 trailing',
    '-a -t 10.0.0.2:80 -i -w 1',
    'sudo: a password is required',
  ])('%s is kept verbatim, and nothing is made of it', (line) => {
    const before = '-A -t 10.0.0.2:80 -s rr\n-a -t 10.0.0.2:80 -r 10.0.0.3:80 -i -w 1\n'
    const known = names(before)
    expect(parseRules(`${before}${line}\n`).unreadable).toEqual([line])
    expect(names(`${before}${line}\n`)).toEqual(known)
  })

  test('known noise of sudo is no rule', () => {
    const noise = 'sudo: unable to resolve host director: Name or service not known\n'
    expect(parseRules(noise + fixture('tutorial/ipvsadm-Sn')).unreadable).toEqual([])
  })
})

describe('damaged copies', () => {
  const original = fixture('multi/ipvsadm-Sn')
  const known = new Set(names(original))

  test('cut anywhere, only the line of the cut can read otherwise', () => {
    for (let at = 0; at < original.length; at++) {
      const cut = original.slice(0, at)
      const whole = names(cut.slice(0, cut.lastIndexOf('\n') + 1))
      expect(whole.every((name) => known.has(name))).toBe(true)
      expect(names(cut).length - whole.length).toBeLessThanOrEqual(1)
    }
  })

  test('with any lines dropped, nothing appears that was not there', () => {
    const lines = original.trimEnd().split('\n')
    fc.assert(
      fc.property(fc.subarray(lines), (kept) => {
        const rules = parseRules(kept.join('\n'))
        const read = names(kept.join('\n'))
        expect(read.every((name) => known.has(name))).toBe(true)
        expect(read.length + rules.unreadable.length).toBe(kept.length)
      }),
      { seed: 1 },
    )
  })

  test('with bytes flipped, each line is read or kept, never lost', () => {
    const flips = fc.array(
      fc.tuple(fc.nat(original.length - 1), fc.integer({ min: 33, max: 126 })),
      { minLength: 1, maxLength: 20 },
    )
    fc.assert(
      fc.property(flips, (changes) => {
        const bytes = [...original]
        for (const [at, code] of changes)
          if (bytes[at] !== '\n') bytes[at] = String.fromCharCode(code)
        const text = bytes.join('')
        const total = names(text).length + parseRules(text).unreadable.length
        expect(total).toBe(text.trimEnd().split('\n').length)
      }),
      { seed: 2 },
    )
  })
})

const addressV4 = fc.ipV4()
const port = fc.integer({ min: 1, max: 65535 })
const serviceKey: fc.Arbitrary<ServiceKey> = fc.oneof(
  fc.record({
    kind: fc.constant('address' as const),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'sctp' as const),
    vip: fc.oneof(addressV4, fc.constantFrom('fd00:254::100', '::1', '2001:db8::')),
    port,
  }),
  fc.record({
    kind: fc.constant('fwmark' as const),
    mark: fc.integer({ min: 1, max: 4294967295 }),
    family: fc.constantFrom(4 as const, 6 as const),
  }),
)
const forwarding: fc.Arbitrary<Forwarding> = fc.oneof(
  fc.constantFrom<Forwarding>(
    { method: 'route' },
    { method: 'masquerade' },
    { method: 'tunnel', tunnel: { type: 'ipip' } },
    { method: 'tunnel', tunnel: { type: 'gre', checksum: 'csum' } },
  ),
  fc.record({
    method: fc.constant('tunnel' as const),
    tunnel: fc.record({
      type: fc.constant('gue' as const),
      port,
      checksum: fc.constantFrom('none' as const, 'csum' as const, 'remcsum' as const),
    }),
  }),
)
const entry: fc.Arbitrary<RuleEntry> = fc.record({
  key: fc.record({ rip: fc.oneof(addressV4, fc.constant('fd00::2')), port }),
  config: fc.record({
    forwarding,
    weight: fc.integer({ min: 0, max: 65535 }),
    upperThreshold: fc.nat(1000),
    lowerThreshold: fc.nat(1000),
  }),
})
const service: fc.Arbitrary<RuleService> = fc.record({
  key: serviceKey,
  config: fc
    .record({
      scheduler: fc.constantFrom('rr', 'wrr', 'sh', 'none'),
      flags: fc.subarray(['sh-fallback', 'sh-port']),
      onePacket: fc.boolean(),
      seconds: fc.option(fc.integer({ min: 1, max: 2678400 }), { nil: undefined }),
      mask: fc.constantFrom(undefined, '255.255.255.0', '64'),
    })
    .map(({ seconds, mask, ...config }) => ({
      ...config,
      ...(seconds !== undefined && {
        persistence: { timeoutSeconds: seconds, ...(mask !== undefined && { mask }) },
      }),
    })),
  entries: fc.uniqueArray(entry, { selector: (one) => formatRealServerKey(one.key), maxLength: 4 }),
})

test('whatever the planner can write, the parser reads back', () => {
  const table = fc.uniqueArray(service, {
    selector: (one) => formatServiceKey(one.key),
    maxLength: 5,
  })
  fc.assert(
    fc.property(table, (services) => {
      const lines = services.flatMap(({ key, config, entries }) => [
        serviceCommand('-A', key, serviceOptions(config)),
        ...entries.map((one) => entryCommand('-a', key, one.key, realServerOptions(one.config))),
      ])
      const text = lines.map((argv) => `${argv.join(' ')}\n`).join('')
      expect(parseRules(text)).toEqual({ services, unreadable: [] })
    }),
    { seed: 3 },
  )
})
