import { describe, expect, test } from 'vitest'
import { createFakeKernel, type FakeKernel } from '@/lib/testing/fake-kernel'
import { FILE_TREES, type FileTreeName } from '@/lib/testing/file-trees'
import { DEFAULT_OPTIONS, type DesiredCluster } from './cluster'
import type { SavePlan } from './file-steps'
import { formatItem, type LedgerRow } from './ledger'
import { intendLedger, settleLedger } from './ledger-change'
import { parseRunning } from './parse-running'
import { parseSaved } from './parse-saved'
import type { Plan } from './plan'
import { planCluster } from './plan-cluster'
import { planPutBack } from './plan-put-back'
import { planSave } from './plan-save'
import { planUninstall } from './plan-uninstall'
import type { HostState } from './running'
import type { SaveHost } from './save-targets'
import type { SavedItem } from './saved'
import { survivalOf } from './survives'
import { cluster, host, realServer, VIP, WWW } from './tutorial-world'

// What a save must not do to anybody, on disks and with lines that nobody wished for.

const LANS = { director: 1, server2: 2, server3: 3 }
type Name = keyof typeof LANS
type Disk = { tree?: FileTreeName; files?: Record<string, string>; lan?: string }

class Fleet {
  readonly hosts: Record<Name, FakeKernel>
  ledger: LedgerRow[] = []
  lastSaved: SavedItem[] = []
  clusters: DesiredCluster[] = [cluster([2, 3])]

  constructor({ tree = 'bookworm', files = {}, lan = 'eth0' }: Disk = {}) {
    const boot = (name: Name) =>
      createFakeKernel({
        hostName: name,
        devices: { [lan]: [`172.25.254.${LANS[name]}/24`] },
        answers: ['172.25.254.2:80', '172.25.254.3:80'],
        ...{ tree: FILE_TREES[tree], files },
      })
    this.hosts = { director: boot('director'), server2: boot('server2'), server3: boot('server3') }
  }

  read(): HostState[] {
    return Object.entries(this.hosts).map(([id, kernel]) => ({
      host: host(id),
      running: { ...parseRunning(kernel.sections()), saved: parseSaved(kernel.savedSections()) },
    }))
  }

  worlds(): SaveHost[] {
    return this.read().flatMap(({ host: ref, running }) =>
      running?.saved === undefined ? [] : [{ host: ref, running, saved: running.saved }],
    )
  }

  settle(plan: Plan) {
    expect(plan.refusals).toEqual([])
    const name = (row: Pick<LedgerRow, 'hostId' | 'item'>) =>
      `${row.hostId} ${formatItem(row.item)}`
    const rows = new Map(this.ledger.map((row) => [name(row), row]))
    for (const row of intendLedger(plan, this.ledger, 'a1')) rows.set(name(row), row)
    for (const { id, hostId, argv, stdin, mayFail } of plan.steps) {
      const output = this.hosts[hostId as Name].exec(argv, stdin)
      if (argv.length > 0 && !mayFail) expect(output, id).toMatchObject({ exit: 0 })
    }
    const { saved, dropped } = settleLedger(plan, [...rows.values()], this.read())
    for (const row of saved) rows.set(name(row), row)
    for (const row of dropped) rows.delete(name(row))
    this.ledger = [...rows.values()]
  }

  apply() {
    const { clusters, ledger } = this
    for (const { id: clusterId } of clusters)
      this.settle(planCluster({ clusterId, clusters, ledger: this.ledger, hosts: this.read() }))
    return ledger
  }

  plan(saving = this.clusters.map(({ id }) => id)): SavePlan {
    const { clusters, ledger, lastSaved } = this
    return planSave(this.worlds(), { clusters, saving, lastSaved, ledger, include: [] })
  }

  save(saving?: string[]): SavePlan {
    const plan = this.plan(saving)
    this.settle(plan)
    this.lastSaved = [...plan.items]
    return plan
  }

  left(): string[] {
    const { clusters, ledger } = this
    return clusters.flatMap(({ id: clusterId }) =>
      planCluster({ clusterId, clusters, ledger, hosts: this.read() }).steps.map(
        ({ hostName, argv }) => `${hostName}: ${argv.join(' ')}`,
      ),
    )
  }

  survival(name: Name) {
    const world = this.worlds().find(({ host: { id } }) => id === name)
    if (world === undefined) throw new Error(name)
    return survivalOf(world, this)
  }

  /** What is wrong with a host's boot, by code. */
  doubts(name: Name): string[] {
    return this.survival(name).checks.flatMap(({ state, why }) =>
      state === 'ok' ? [] : [why.code],
    )
  }

  reboot() {
    for (const kernel of Object.values(this.hosts)) kernel.reboot()
  }

  takeDown() {
    this.clusters = this.clusters.map((each) => ({ ...each, services: [] }))
    this.apply()
    this.clusters = []
  }

  file = (name: Name, path: string) => this.hosts[name].read(path)
  write = (name: Name, path: string, text: string) => {
    this.hosts[name].state.files[path] = text
  }
  exec(name: Name, line: string) {
    expect(this.hosts[name].exec(line.split(' ')), line).toMatchObject({ exit: 0 })
  }
}

const saved = (disk: Disk = {}): Fleet => {
  const us = new Fleet(disk)
  us.apply()
  us.save()
  return us
}

const RULES = '/etc/ipvsadm.rules'
const AUTO = '/etc/default/ipvsadm'
const UNIT = '/etc/systemd/system/tunboard.service'
const PARAMETERS = '/etc/sysctl.d/99-zz-tunboard.conf'
const MAIL = '-A -t 10.0.0.9:25 -s wlc\n-a -t 10.0.0.9:25 -r 10.0.0.8:25 -g -w 1\n'

describe('a host that is not as we knew it', () => {
  test('a real server that lost its RIP is refused, not taken out of its files', () => {
    const us = saved()
    us.exec('server2', 'ip addr del 172.25.254.2/24 dev eth0')
    const plan = us.plan()
    expect(plan.refusals).toMatchObject([
      { hostId: 'server2', why: { code: 'refusal.rip-not-here', values: { rip: '172.25.254.2' } } },
    ])
  })

  test('a LAN device that comes later than our unit does not keep tunnel and VIP down', () => {
    const us = new Fleet({ lan: 'bond0' })
    us.clusters = [cluster([2, 3], { options: { ...DEFAULT_OPTIONS, arpScope: 'interface' } })]
    us.apply()
    us.save()
    const { sysctls } = us.hosts.server2.state
    for (const key of Object.keys(sysctls)) if (key.includes('/bond0/')) delete sysctls[key]
    const lines = us.file('server2', UNIT)?.match(/^ExecStart=\/sbin\/sysctl .*$/gm) ?? []
    expect(lines).toHaveLength(1)
    for (const line of lines) us.exec('server2', line.replace('ExecStart=/sbin/', ''))
  })
})

describe('lines of others', () => {
  const quirks = { '/etc/ipvsadm.rules': `--set 800 100 200\n${MAIL.trimEnd()}` }

  test('on a host that directs nothing of ours the rules file is not touched, not even its last line', () => {
    const us = new Fleet({ files: quirks })
    us.exec('server2', 'modprobe ip_vs')
    us.apply()
    us.save()
    expect(us.file('server2', RULES)).toBe(quirks['/etc/ipvsadm.rules'])
  })

  test('uninstalling takes our timeouts out of a file that others had before us', () => {
    const us = new Fleet({ files: { [RULES]: MAIL } })
    us.apply()
    us.exec('director', 'ipvsadm --set 800 100 200')
    us.save()
    expect(us.file('director', RULES)).toContain('--set 800 100 200')
    us.takeDown()
    us.settle(planUninstall(us.worlds(), us))
    expect(us.file('director', RULES)).toBe(MAIL)
  })

  test.each([
    ['a comment behind a rule', '-A -t 10.0.0.9:25 -s wlc # mail'],
    ['a word too many', '-a -t 10.0.0.9:25 -r 10.0.0.8:25 -g -w 1 now'],
    ['a weight that is none', '-a -t 10.0.0.9:25 -r 10.0.0.8:25 -w heavy'],
  ])('%s ends the restore: ours come before it, and come back', (_, line) => {
    const us = saved({ files: { [RULES]: `-A -t 10.0.0.9:25 -s wlc\n${line}\n` } })
    expect(us.doubts('director')).toEqual(['survives.rules-stop'])
    us.reboot()
    expect(us.left()).toEqual([])
  })

  test.each([
    ['names for ports, as ipvsadm -S writes without -n', `-A -t ${VIP}:http -s wlc`],
    ['an edit of ours', `-E -t ${VIP}:80 -s wlc`],
  ])('%s puts what we say of the rules in doubt', (_, line) => {
    const us = saved()
    us.write('director', RULES, `${us.file('director', RULES)}${line}\n`)
    expect(us.doubts('director')).toEqual(['survives.rules-unclear'])
  })

  test('a line that clears the table is seen: what stands before it does not come back', () => {
    const us = saved()
    us.write('director', RULES, `${us.file('director', RULES)}-C\n`)
    expect(us.doubts('director')).toContain('survives.rules-lost')
  })
})

describe('who loads the rules', () => {
  test.each([
    ['CRLF', 'AUTO="true"\r\n'],
    ['a later line with a comment', 'AUTO="true"\nAUTO="false" # for the weekend\n'],
    ['export', 'AUTO="true"\nexport AUTO=false\n'],
  ])('AUTO with %s is off, and Save turns it on', (_, text) => {
    const us = new Fleet({ files: { [AUTO]: text } })
    us.apply()
    us.save()
    us.write('director', AUTO, text)
    expect(us.doubts('director')).toEqual(['survives.auto-off'])
    us.save()
    expect(us.doubts('director')).toEqual([])
    us.reboot()
    expect(us.left()).toEqual([])
  })

  test('a link to a unit that is not there any more loads nothing', () => {
    const us = saved({ tree: 'rhel9' })
    delete us.hosts.director.state.files['/usr/lib/systemd/system/ipvsadm.service']
    expect(us.doubts('director')).toContain('survives.no-loader')
  })

  test('a unit that is masked loads nothing, though its link is there; Save says so before it writes', () => {
    const us = saved({ tree: 'trixie' })
    us.hosts.director.state.links['/etc/systemd/system/ipvsadm.service'] = '/dev/null'
    expect(us.doubts('director')).toContain('survives.no-loader')
    expect(us.plan().refusals).toMatchObject([{ why: { code: 'refusal.save-no-loader' } }])
  })

  test('a drop-in that somebody emptied does not keep the unit from writing over the file', () => {
    const us = saved({ tree: 'rhel9' })
    us.write('director', '/etc/systemd/system/ipvsadm.service.d/tunboard.conf', '[Service]\n')
    expect(us.doubts('director')).toEqual(['survives.overwritten'])
  })

  test('on SUSE the last IPVSADM_CONFIG counts, and a file that we cannot read is refused', () => {
    const variables = '/etc/sysconfig/ipvsadm'
    const twice = 'IPVSADM_CONFIG="/srv/old"\nIPVSADM_CONFIG="/etc/ipvsadm.rules"\n'
    const us = saved({ tree: 'sle15', files: { [variables]: twice } })
    expect(us.file('director', RULES)).toContain(VIP)
    us.write('director', variables, 'IPVSADM_CONFIG="/srv/rules"\n')
    expect(us.plan().refusals).toMatchObject([
      { hostId: 'director', why: { code: 'refusal.save-place', values: { path: '/srv/rules' } } },
    ])
  })
})

describe('clusters that share hosts', () => {
  const quiet = { ...DEFAULT_OPTIONS, rpFilter: 'off-everywhere' } as const
  const [SERVICE] = cluster([]).services
  if (SERVICE === undefined) throw new Error('the fixture has a service')
  const other = (change: Partial<DesiredCluster>) =>
    cluster([], {
      ...{ id: 'b', name: 'b' },
      services: [{ ...SERVICE, id: 'b1', key: { ...WWW, vip: '172.25.254.101' } }].map((each) => ({
        ...each,
        realServers: [realServer(2)],
      })),
      ...change,
    })

  test.each([['www'], ['b']])(
    'one that is content with the value of another keeps it: saving %s',
    (last) => {
      const us = new Fleet()
      us.clusters = [other({ options: quiet }), ...us.clusters]
      us.apply()
      us.apply()
      expect(us.left()).toEqual([])
      us.save()
      us.save([last])
      expect(us.file('server2', PARAMETERS)).toContain('net.ipv4.conf.tunl0.rp_filter = 0')
      expect(us.doubts('server2')).toEqual([])
      us.reboot()
      expect(us.left()).toEqual([])
    },
  )
})

describe('what cannot be read', () => {
  test('uninstalling is refused where a file of ours is a link now', () => {
    const us = saved()
    us.takeDown()
    delete us.hosts.server2.state.files[UNIT]
    us.hosts.server2.state.links[UNIT] = '/srv/unit'
    expect(planUninstall(us.worlds(), us).refusals).toMatchObject([
      { hostId: 'server2', why: { code: 'refusal.save-link', values: { path: UNIT } } },
    ])
  })

  test('a parameter is in doubt while a sysctl file that may win cannot be read', () => {
    const us = saved()
    const [director, server2, server3] = us.worlds()
    if (director === undefined || server2 === undefined || server3 === undefined) throw new Error()
    const closed = { path: '/etc/sysctl.d/99-zzz.conf', lines: [], unreadable: 'Permission denied' }
    const files = [...server2.saved.sysctlFiles, closed]
    const world = { ...server2, saved: { ...server2.saved, sysctlFiles: files } }
    expect(survivalOf(world, us)).toMatchObject({ state: 'doubtful' })
    const masked = { ...closed, path: '/run/sysctl.d/10-early.conf' }
    const early = { ...server2.saved, sysctlFiles: [...server2.saved.sysctlFiles, masked] }
    expect(survivalOf({ ...server2, saved: early }, us).state).toBe('survives')
  })
})

test('a VIP that somebody else keeps on another device is in doubt: nobody knows whether a boot brings it', () => {
  const us = new Fleet()
  us.exec('director', `ip addr add ${VIP}/32 dev eth0`)
  us.apply()
  us.save()
  expect(us.doubts('director')).toEqual(['survives.elsewhere'])
})

test('putting an earlier save back forgets nothing of ours in files that it does not touch', () => {
  const us = saved()
  const director = us.lastSaved.filter(({ hostId }) => hostId === 'director')
  const earlier = {
    hostId: 'director',
    files: { [UNIT]: us.file('director', UNIT) },
    enabled: {},
    items: director.filter(({ item }) => item.kind !== 'service' && item.kind !== 'entry'),
  }
  const plan = planPutBack(us.worlds(), [earlier], us.lastSaved)
  expect(plan.items.map(({ item }) => formatItem(item)).sort()).toEqual(
    director.map(({ item }) => formatItem(item)).sort(),
  )
})
