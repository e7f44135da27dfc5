import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Unreadable } from '@/lib/errors'
import { parseProbe } from './parse-probe'
import { parseDistribution, parseOwnerRows, parseTools } from './parse-probe-parts'

const NONCE = 'f00dcafe'
const fixture = (name: string) =>
  readFileSync(new URL(`./fixtures/probe/${name}.txt`, import.meta.url), 'utf8')

describe('the lab', () => {
  test('a director read as root', () => {
    const facts = parseProbe(fixture('director-root'), NONCE)
    expect(facts).toMatchObject({
      hostName: 'director.example.com',
      distribution: { id: 'debian', version: '12', name: 'Debian GNU/Linux 12 (bookworm)' },
      kernel: '6.1.176',
      architecture: 'x86_64',
      init: 'init',
      uptimeSeconds: 23.65,
      user: 'root',
      privilege: 'root',
      versions: { iproute: '6.1.0' },
      owners: [],
      ipvs: {
        state: 'present',
        services: [{ name: 'tcp 172.25.254.100:80', scheduler: 'rr', realServers: 2 }],
      },
      warnings: [],
    })
    expect(facts.schedulers).toEqual(expect.arrayContaining(['rr', 'wrr', 'mh']))
    expect(facts.schedulers).not.toContain('ftp')
    expect(facts.devices.find((device) => device.name === 'tunl0')).toMatchObject({
      kind: 'ipip',
      up: false,
      addresses: [{ address: '172.25.254.100', prefixLength: 32 }],
    })
  })

  test('a user with sudo, and one without', () => {
    expect(parseProbe(fixture('director-student'), NONCE)).toMatchObject({
      user: 'student',
      privilege: 'sudo',
      sudo: expect.stringContaining('NOPASSWD: ALL'),
    })
    expect(parseProbe(fixture('director-narrow'), NONCE)).toMatchObject({
      privilege: 'none',
      ipvs: { state: 'present', denied: 'sudo: a password is required' },
      warnings: [{ code: 'probe.no-privilege', values: { user: 'narrow' } }],
    })
  })

  test('a real server before our first touch', () => {
    const facts = parseProbe(fixture('server2-root'), NONCE)
    expect(facts.ipvs).toEqual({ state: 'absent' })
    expect(facts.modules.loaded).toEqual([])
    expect(facts.modules.available).toContain('ipip')
    expect(facts.devices.map((device) => device.name)).toEqual(['lo', 'eth0', 'mgmt'])
  })

  test('facts survive JSON', () => {
    const facts = parseProbe(fixture('director-student'), NONCE)
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts)
  })
})

test('the effective value is the larger of all and the device', () => {
  const text = fixture('director-root')
    .replace('conf/all/rp_filter=0', 'conf/all/rp_filter=1')
    .replace('conf/tunl0/rp_filter=0', 'conf/tunl0/rp_filter=2')
  const effective = parseProbe(text, NONCE).effective
  expect(effective.map(({ device, rpFilter }) => [device, rpFilter])).toEqual([
    ['lo', 1],
    ['eth0', 1],
    ['mgmt', 1],
    ['tunl0', 2],
  ])
})

test('owners are programs that run, not files that somebody edits', () => {
  expect(
    parseOwnerRows(`  812 keepalived      /usr/sbin/keepalived --dont-fork
  913 ldirectord      /usr/bin/perl -w /usr/sbin/ldirectord start
  914 perl            perl /usr/sbin/ldirectord start
  915 vim             vim /etc/keepalived/keepalived.conf
  916 firewalld       /usr/sbin/firewalld
kube-ipvs0
/etc/keepalived/keepalived.conf
`),
  ).toEqual([
    { name: 'keepalived', evidence: 'pid 812' },
    { name: 'ldirectord', evidence: 'pid 913' },
    { name: 'ldirectord', evidence: 'pid 914' },
    { name: 'kube-proxy', evidence: 'kube-ipvs0' },
  ])
})

test.each([
  ['ipvsadm 1:1.31-1+b1 ii \n', '1:1.31-1+b1'],
  ['ipvsadm 1.31-1.el8\npackage keepalived is not installed\n', '1.31-1.el8'],
  ['ipvsadm-1.31-r2\n', '1.31-r2'],
  ['ipvsadm  un \n', undefined],
  ['ipvsadm 1:1.31-1 rc \n', undefined],
  ['package ipvsadm is not installed\n', undefined],
])('the version in %j is %s', (text, version) => {
  expect(parseTools(text).versions.ipvsadm).toBe(version)
})

test('a host without os-release is named by what it has', () => {
  expect(parseDistribution('CentOS release 6.10 (Final)\n')).toEqual({
    id: 'unknown',
    version: '',
    name: 'CentOS release 6.10 (Final)',
  })
  expect(parseDistribution("ID='rocky'\nVERSION_ID=9.4\n").name).toBe('rocky 9.4')
})

describe('damage', () => {
  const text = fixture('director-root')

  test('what comes before the begin is ignored', () => {
    expect(parseProbe(`Welcome!\n@rc=3\n${text}`, NONCE).hostName).toBe('director.example.com')
  })

  test('cut anywhere, it is unreadable', () => {
    const end = text.lastIndexOf(`@@${NONCE} END`) + `@@${NONCE} END`.length
    for (let at = 0; at < end; at += 97)
      expect(() => parseProbe(text.slice(0, at), NONCE)).toThrow(Unreadable)
  })

  test('another nonce is another read', () => {
    expect(() => parseProbe(text, 'deadbeef')).toThrow(Unreadable)
  })

  test('a part that is cut at the size limit is refused where it is needed, else a warning', () => {
    const cut = (section: string) =>
      text.replace(
        new RegExp(`(B ${section}\\n[^]*?)@rc=0\\n(\\n@@${NONCE} E ${section})`),
        (_, before: string, after: string) => `${before.slice(0, -2)}\n${after}`,
      )
    expect(() => parseProbe(cut('sysctl'), NONCE)).toThrow(Unreadable)
    expect(parseProbe(cut('listen'), NONCE).warnings).toEqual([
      { code: 'probe.truncated', values: { section: 'listen' } },
    ])
  })
})
