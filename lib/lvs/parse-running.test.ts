import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Unreadable } from '@/lib/errors'
import { parseRunning } from './parse-running'
import type { Running } from './running'
import { formatRealServerKey, formatServiceKey } from './service'

const fixture = (name: string) =>
  readFileSync(new URL(`./fixtures/${name}.txt`, import.meta.url), 'utf8')

/** One lean read of the lab's director: a tutorial table, an IPv6 mark, a second ipip tunnel. */
const LEAN: Record<string, string> = {
  boot: fixture('lean/boot'),
  modules: `${fixture('lean/modules')}missing ip_vs_twos\n`,
  addresses: fixture('lean/addresses'),
  sysctls: fixture('lean/sysctls'),
  table: fixture('lean/table'),
  rules: fixture('lean/rules'),
  thresholds: fixture('lean/thresholds'),
  denied: '',
  owners: '',
  tools: 'ipvsadm\nip\nmodprobe\nsysctl\narping\nbash\ntimeout\nflock\n',
  privilege: 'root\n',
}
const read = (changes: Record<string, string> = {}) => parseRunning({ ...LEAN, ...changes })

function reasonOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof Unreadable) return `${error.reason} ${error.values.what}`
    throw error
  }
  return 'nothing thrown'
}

function servicesOf(running: Running) {
  if (running.ipvs.state !== 'present') throw new Error(running.ipvs.state)
  return running.ipvs.services
}

describe('one lean read', () => {
  test('rules, thresholds and counts of one entry come together', () => {
    const table = fixture('lean/table').replace('1      0          0 ', '1      3          9 ')
    const [service] = servicesOf(read({ table }))
    expect(service?.config.scheduler).toBe('rr')
    expect(service?.realServers).toEqual([
      {
        key: { rip: '172.25.254.2', port: 80 },
        config: {
          forwarding: { method: 'tunnel', tunnel: { type: 'ipip' } },
          weight: 1,
          upperThreshold: 0,
          lowerThreshold: 0,
        },
        active: 0,
        inactive: 0,
      },
      {
        key: { rip: '172.25.254.3', port: 80 },
        config: {
          forwarding: { method: 'tunnel', tunnel: { type: 'ipip' } },
          weight: 1,
          upperThreshold: 50,
          lowerThreshold: 40,
        },
        active: 3,
        inactive: 9,
      },
    ])
  })

  test('a mark of IPv6 meets its row, which does not tell the family', () => {
    expect(servicesOf(read()).map((service) => formatServiceKey(service.key))).toEqual([
      'tcp 172.25.254.100:80',
      'fwmark 7 ipv6',
    ])
  })

  test('devices, modules, sysctls, tools and privilege are read', () => {
    const running = read()
    expect(running.bootId).toMatch(/^[0-9a-f-]{36}$/)
    expect(running.modules).toContain('ip_vs_rr')
    expect(running.modules).not.toContain('garp')
    expect(running.missingModules).toEqual(['ip_vs_twos'])
    expect(running.sysctls['net.ipv4.conf.tunl0.rp_filter']).toBe('0')
    expect(running.devices.find((device) => device.name === 'tunl0')).toEqual({
      name: 'tunl0',
      kind: 'ipip',
      up: false,
      loopback: false,
      addresses: [{ address: '172.25.254.100', prefixLength: 32 }],
    })
    expect(running.tools).not.toContain('udevadm')
    expect(running.privilege).toBe('root')
  })

  test('a dot in the name of an interface is a slash in its sysctls', () => {
    const { sysctls } = read({ sysctls: '/proc/sys/net/ipv4/conf/eth0.5/arp_ignore:1\n' })
    expect(sysctls).toEqual({ 'net.ipv4.conf.eth0/5.arp_ignore': '1' })
  })

  test('owners are named with their evidence', () => {
    expect(read({ owners: 'keepalived 1234\nkube-proxy kube-ipvs0\n' }).owners).toEqual([
      { name: 'keepalived', evidence: '1234' },
      { name: 'kube-proxy', evidence: 'kube-ipvs0' },
    ])
  })

  test.each(['tutorial', 'multi', 'multikernel'])('the whole table of %s comes together', (set) => {
    const services = servicesOf(
      read({
        table: fixture(`${set}/proc-ip_vs`),
        rules: fixture(`${set}/ipvsadm-Sn`),
        thresholds: fixture(`${set}/ipvsadm-Ln-thresholds`),
      }),
    )
    const entries = services.flatMap((service) => service.realServers)
    expect(services.length + entries.length).toBe(
      fixture(`${set}/ipvsadm-Sn`).trim().split('\n').length,
    )
    expect(entries.every((entry) => entry.active !== undefined)).toBe(true)
  })

  test('two marks of one number keep their own counts', () => {
    const ipv = servicesOf(
      read({
        table: `${fixture('lean/table')}  -> [fd00:0254:0000:0000:0000:0000:0000:0002]:0000      Tunnel  1      6          0         
FWM  00000007 rr 
  -> AC19FE02:0000      Tunnel  1      4          0         
`,
        rules: `${fixture('lean/rules').replace('-A -f 7 -6 -s wrr\n', '')}-A -f 7 -s rr
-a -f 7 -r 172.25.254.2:0 -i -w 1
-A -f 7 -6 -s wrr
-a -f 7 -6 -r [fd00:254::2]:0 -i -w 1
`,
        thresholds: `${fixture('lean/thresholds')}  -> [fd00:254::2]:0  0 0 6 0
FWM  7 rr
  -> 172.25.254.2:0  0 0 4 0
`,
      }),
    )
    expect(ipv.slice(1).map(({ realServers }) => realServers[0]?.active)).toEqual([4, 6])
  })
})

describe('ipvs that is not there or may not be read', () => {
  test('absent', () => {
    expect(read({ table: 'absent\n', rules: '', thresholds: '' }).ipvs).toEqual({ state: 'absent' })
  })

  test('denied, with what sudo said', () => {
    const denied = 'sudo: unable to resolve host director\nsudo: a password is required\n'
    expect(read({ denied, rules: '', thresholds: '', privilege: 'none' }).ipvs).toEqual({
      state: 'denied',
      why: { code: 'ipvs.denied', values: { text: 'sudo: a password is required' } },
    })
  })

  test('noise of sudo alone is no denial', () => {
    expect(read({ denied: 'sudo: unable to resolve host director\n' }).ipvs.state).toBe('present')
  })

  test('a full table without ipvsadm is denied: its configuration cannot be known', () => {
    const { ipvs } = read({ tools: 'ip\n', rules: '', thresholds: '' })
    expect(ipvs).toEqual({ state: 'denied', why: { code: 'ipvs.no-ipvsadm', values: {} } })
  })

  test('rules that nobody here can read are kept, and their rows are no contradiction', () => {
    const line = '-A -t 172.25.254.100:80 -s rr --from-the-future'
    const rules = fixture('lean/rules').replace('-A -t 172.25.254.100:80 -s rr', line)
    expect(read({ rules }).ipvs).toMatchObject({
      state: 'present',
      services: [{ key: { kind: 'fwmark' } }],
      unreadable: [line, ...rules.split('\n').slice(1, 3)],
    })
  })
})

describe('what cannot be read is refused', () => {
  const rules = fixture('lean/rules')
  test.each<[string, Record<string, string>]>([
    ['unreadable.line boot', { boot: 'Segmentation fault\n' }],
    ['unreadable.line modules', { modules: 'Segmentation fault\n' }],
    ['unreadable.line addresses', { addresses: '[{"ifname":"lo","flags":[' }],
    ['unreadable.line addresses', { addresses: '{"ifname":"lo"}' }],
    ['unreadable.cut addresses', { addresses: '[]' }],
    ['unreadable.cut addresses', { addresses: '' }],
    ['unreadable.line sysctls', { sysctls: 'grep: out of memory\n' }],
    ['unreadable.cut table', { table: 'Segmentation fault\n' }],
    ['unreadable.line owners', { owners: 'somebody 12\n' }],
    ['unreadable.line privilege', { privilege: 'perhaps\n' }],
    ['unreadable.changed rules', { rules: rules.replace('172.25.254.2:80', '172.25.254.9:80') }],
    ['unreadable.changed rules', { rules: rules.replaceAll('-w 1', '-w 2') }],
    ['unreadable.changed rules', { rules: rules.replaceAll('-i -w 1 --tun-type ipip', '-g -w 1') }],
    ['unreadable.changed rules', { rules: rules.replace('-s rr', '-s wrr') }],
    ['unreadable.changed table', { rules: rules.split('\n').slice(0, 2).join('\n') }],
    ['unreadable.changed table', { rules: '' }],
    ['unreadable.changed thresholds', { thresholds: '' }],
  ])('%s', (reason, changes) => {
    expect(reasonOf(() => read(changes))).toBe(reason)
  })

  test.each(Object.keys(LEAN))('a read without its section %s was cut', (name) => {
    const { [name]: _, ...rest } = LEAN
    expect(reasonOf(() => parseRunning(rest))).toBe(`unreadable.cut ${name}`)
  })
})

describe('damaged copies', () => {
  const namesOf = (running: Running) =>
    running.ipvs.state === 'present'
      ? running.ipvs.services.flatMap((service) => [
          formatServiceKey(service.key),
          ...service.realServers.map((entry) => formatRealServerKey(entry.key)),
        ])
      : []
  const known = new Set(namesOf(read()))

  /** Reads a damaged section: refused as unreadable, or nothing in it that was not there. */
  function holds(section: string, text: string): boolean {
    try {
      return namesOf(read({ [section]: text })).every((name) => known.has(name))
    } catch (error) {
      return error instanceof Unreadable
    }
  }

  test.each(Object.keys(LEAN))('%s cut at every third byte', (section) => {
    const text = LEAN[section] ?? ''
    for (let at = 0; at < text.length; at += 3) expect(holds(section, text.slice(0, at))).toBe(true)
  })

  test.each(Object.keys(LEAN))('%s with bytes flipped, or lines dropped', (section) => {
    const text = LEAN[section] ?? ''
    const flip = fc.tuple(fc.nat(Math.max(0, text.length - 1)), fc.integer({ min: 9, max: 255 }))
    fc.assert(
      fc.property(fc.array(flip, { maxLength: 6 }), fc.nat(30), (changes, dropped) => {
        const bytes = [...text]
        for (const [at, code] of changes) bytes[at] = String.fromCharCode(code)
        const lines = bytes.join('').split('\n')
        return holds(section, lines.filter((_, index) => index !== dropped).join('\n'))
      }),
      { seed: 4, numRuns: 60 },
    )
  })
})
