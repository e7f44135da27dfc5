import { describe, expect, test } from 'vitest'
import { createFakeKernel, type FakeKernel } from '@/lib/testing/fake-kernel'
import { FILE_TREES, type FileTreeName } from '@/lib/testing/file-trees'
import type { DesiredCluster } from './cluster'
import type { SavePlan } from './file-steps'
import { formatItem, type LedgerRow } from './ledger'
import { intendLedger, settleLedger } from './ledger-change'
import { parseRunning } from './parse-running'
import { parseSaved } from './parse-saved'
import type { Plan, Step } from './plan'
import { planCluster } from './plan-cluster'
import { planSave } from './plan-save'
import { planUninstall } from './plan-uninstall'
import type { HostState } from './running'
import type { SaveHost } from './save-targets'
import type { SavedItem } from './saved'
import { survivalOf } from './survives'
import { cluster, host, realServer, VIP, WEIGHT_1, WWW } from './tutorial-world'

// Saves carried out on fake kernels with the disk of each distribution, which then boot from what was written.

const LANS = { director: 1, server2: 2, server3: 3 }
type Name = keyof typeof LANS

class Operator {
  readonly hosts: Record<Name, FakeKernel>
  ledger: LedgerRow[] = []
  lastSaved: SavedItem[] = []
  include: { hostId: string; service: typeof WWW }[] = []
  clusters: DesiredCluster[] = [cluster([2, 3])]

  constructor(tree: FileTreeName = 'bookworm', files: Record<string, string> = {}) {
    const boot = (name: Name) =>
      createFakeKernel({
        hostName: name,
        devices: { eth0: [`172.25.254.${LANS[name]}/24`] },
        answers: ['172.25.254.2:80', '172.25.254.3:80'],
        tree: FILE_TREES[tree],
        files,
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

  carryOut({ id, hostId, argv, stdin, mayFail }: Step) {
    const output = this.hosts[hostId as Name].exec(argv, stdin)
    if (argv.length > 0 && !mayFail) expect(output, id).toMatchObject({ exit: 0 })
  }

  settle(plan: Plan) {
    const name = (row: Pick<LedgerRow, 'hostId' | 'item'>) =>
      `${row.hostId} ${formatItem(row.item)}`
    const rows = new Map(this.ledger.map((row) => [name(row), row]))
    for (const row of intendLedger(plan, this.ledger, 'a1')) rows.set(name(row), row)
    for (const step of plan.steps) this.carryOut(step)
    const { saved, dropped } = settleLedger(plan, [...rows.values()], this.read())
    for (const row of saved) rows.set(name(row), row)
    for (const row of dropped) rows.delete(name(row))
    this.ledger = [...rows.values()]
  }

  apply() {
    const { clusters, ledger } = this
    const plan = planCluster({ clusterId: 'www', clusters, ledger, hosts: this.read() })
    expect(plan.refusals).toEqual([])
    this.settle(plan)
  }

  plan(): SavePlan {
    const { clusters, ledger, lastSaved, include } = this
    const saving = clusters.map(({ id }) => id)
    return planSave(this.worlds(), { clusters, saving, lastSaved, ledger, include })
  }

  save(): SavePlan {
    const plan = this.plan()
    expect(plan.refusals).toEqual([])
    this.settle(plan)
    this.lastSaved = [...plan.items]
    return plan
  }

  left(): string[] {
    const { clusters, ledger } = this
    const plan = planCluster({ clusterId: 'www', clusters, ledger, hosts: this.read() })
    return plan.steps.map(({ hostName, argv }) => `${hostName}: ${argv.join(' ')}`)
  }

  survival(name: Name) {
    const world = this.worlds().find(({ host: { id } }) => id === name)
    if (world === undefined) throw new Error(name)
    return survivalOf(world, this)
  }

  reboot() {
    for (const kernel of Object.values(this.hosts)) kernel.reboot()
  }

  file = (name: Name, path: string) => this.hosts[name].read(path)
  exec(name: Name, line: string) {
    expect(this.hosts[name].exec(line.split(' ')), line).toMatchObject({ exit: 0 })
  }
}

const saved = (tree: FileTreeName = 'bookworm', files: Record<string, string> = {}): Operator => {
  const us = new Operator(tree, files)
  us.apply()
  us.save()
  return us
}

const disks = (us: Operator) =>
  Object.values(us.hosts).map(({ state: { files, links } }) => structuredClone({ files, links }))

const [SERVICE] = cluster([]).services
if (SERVICE === undefined) throw new Error('the fixture has a service')

const RICH = cluster([], {
  services: [
    {
      ...SERVICE,
      config: {
        scheduler: 'wrr',
        flags: [],
        onePacket: false,
        persistence: { timeoutSeconds: 600 },
      },
      realServers: [
        realServer(2, { ...WEIGHT_1, weight: 3, upperThreshold: 200, lowerThreshold: 150 }),
        realServer(3, { ...WEIGHT_1, weight: 0 }),
      ],
    },
  ],
})

describe.each(Object.keys(FILE_TREES) as FileTreeName[])('on the disk of %s', (tree) => {
  test('what is saved comes back by itself, thresholds, persistence, weights and timeouts too, twice', () => {
    const us = new Operator(tree)
    us.clusters = [RICH]
    us.apply()
    us.exec('director', 'ipvsadm --set 800 100 200')
    us.save()
    expect(us.plan().steps).toEqual([])
    for (const round of [1, 2]) {
      us.reboot()
      expect(us.left(), `round ${round}`).toEqual([])
      expect(us.hosts.director.exec(['ipvsadm', '-L', '--timeout']).stdout).toContain('800 100 200')
      for (const name of Object.keys(LANS) as Name[])
        expect(us.survival(name).checks.filter(({ state }) => state !== 'ok')).toEqual([])
    }
  })

  test('uninstalling leaves the disk as it was before we came', () => {
    const us = new Operator(tree)
    const before = disks(us)
    us.apply()
    us.save()
    expect(disks(us)).not.toEqual(before)
    us.clusters = [{ ...cluster([]), services: [] }]
    us.apply()
    us.clusters = []
    const plan = planUninstall(us.worlds(), us)
    expect(plan.refusals).toEqual([])
    us.settle(plan)
    expect(disks(us)).toEqual(before)
  })
})

test('the whole of what is written on Debian 12 under systemd', () => {
  const us = saved()
  expect(
    us.file('server2', '/etc/systemd/system/tunboard.service'),
  ).toBe(`# Written by Tunboard; the next Save writes it anew.
[Unit]
Description=LVS-TUN modules, devices and addresses (Tunboard)
After=systemd-modules-load.service systemd-sysctl.service network-pre.target
Before=network-online.target ipvsadm.service keepalived.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/sbin/modprobe ipip
ExecStart=-/bin/udevadm settle --timeout=5
ExecStart=/sbin/sysctl -q -e -p /etc/sysctl.d/99-zz-tunboard.conf
ExecStart=/sbin/ip link set dev tunl0 up
ExecStart=/sbin/ip address replace 172.25.254.100/32 dev tunl0

[Install]
WantedBy=multi-user.target
`)
  expect(us.file('server2', '/etc/sysctl.d/99-zz-tunboard.conf')?.split('\n').slice(1, -1)).toEqual(
    [
      'net.ipv4.conf.all.arp_announce = 2',
      'net.ipv4.conf.all.arp_ignore = 1',
      'net.ipv4.conf.tunl0.rp_filter = 2',
    ],
  )
  expect(us.file('director', '/etc/ipvsadm.rules')?.split('\n').slice(-4, -1)).toEqual([
    `-A -t ${VIP}:80 -s rr`,
    `-a -t ${VIP}:80 -r 172.25.254.2:80 -i -w 1`,
    `-a -t ${VIP}:80 -r 172.25.254.3:80 -i -w 1`,
  ])
  expect(us.file('director', '/etc/default/ipvsadm')).toBe(
    FILE_TREES.bookworm.files['/etc/default/ipvsadm']?.replace('AUTO="false"', 'AUTO="true"'),
  )
})

test('on RHEL the rules go where its unit reads them, and a stop does not write over them any more', () => {
  const us = saved('rhel9')
  expect(us.file('director', '/etc/sysconfig/ipvsadm')).toContain(`-A -t ${VIP}:80 -s rr`)
  expect(us.file('director', '/etc/systemd/system/ipvsadm.service.d/tunboard.conf')).toContain(
    '\nExecStop=\n',
  )
  expect(us.plan().notes.map(({ why }) => why.code)).toContain('note.save-documentation')
})

test('on SUSE the file of variables is left alone', () => {
  const us = new Operator('sle15')
  const before = us.file('director', '/etc/sysconfig/ipvsadm')
  us.apply()
  us.save()
  expect(us.file('director', '/etc/sysconfig/ipvsadm')).toBe(before)
  expect(us.file('director', '/etc/ipvsadm.rules')).toContain(`${VIP}:80`)
})

const RULES =
  '# the mail team\n-A -t 10.0.0.9:25 -s wlc\n-a -t 10.0.0.9:25 -r 10.0.0.8:25 -g -w 1\n'

test('comments and rules of others stay, and AUTO that would bring them back is told', () => {
  const us = new Operator('bookworm', { '/etc/ipvsadm.rules': RULES })
  us.apply()
  const plan = us.save()
  expect(us.file('director', '/etc/ipvsadm.rules')?.startsWith(RULES)).toBe(true)
  expect(plan.notes.map(({ why }) => why.code)).toContain('note.save-auto')
})

test('a foreign service that runs unsaved is told, and saved only when ticked', () => {
  const us = new Operator()
  const mail = { ...WWW, port: 25 }
  us.exec('director', 'ipvsadm -A -t 172.25.254.100:25 -s wlc')
  us.exec('director', 'ipvsadm -a -t 172.25.254.100:25 -r 172.25.254.9:25 -g -w 3 -x 7')
  us.apply()
  expect(us.plan().notes).toMatchObject([{ why: { code: 'note.save-foreign' } }])
  us.save()
  expect(us.file('director', '/etc/ipvsadm.rules')).not.toContain(':25')
  us.include = [{ hostId: 'director', service: mail }]
  us.save()
  expect(us.file('director', '/etc/ipvsadm.rules')).toContain('-r 172.25.254.9:25 -g -w 3 -x 7')
  us.include = []
  expect(us.plan().steps).toEqual([])
  expect(us.plan().notes).toEqual([])
})

test('after a real server is removed its saved entry returns at boot until it is saved again', () => {
  const us = saved()
  us.clusters = [cluster([2])]
  expect(us.plan().refusals).toMatchObject([{ why: { code: 'refusal.save-unapplied' } }])
  us.apply()
  const returns = us.survival('director').rows.filter(({ state }) => state === 'returns')
  expect(returns.map(({ item }) => formatItem(item))).toEqual([
    `entry 172.25.254.3:80 in tcp ${VIP}:80`,
  ])
  expect(us.survival('server3').state).toBe('doubtful')
  us.save()
  expect(us.file('director', '/etc/ipvsadm.rules')).not.toContain('172.25.254.3')
  expect(us.file('server3', '/etc/systemd/system/tunboard.service')).toBeUndefined()
  expect(us.survival('server3').state).toBe('nothing')
})

test('an empty table is never saved over a full one: after a reboot that lost everything Save is refused', () => {
  const us = saved()
  const full = us.file('director', '/etc/ipvsadm.rules')
  us.exec('director', 'ipvsadm -D -t 172.25.254.100:80')
  const plan = us.plan()
  expect(plan.refusals).toMatchObject([{ why: { code: 'refusal.save-unapplied' } }])
  expect(plan.steps.filter(({ item }) => item?.kind === 'file')).toEqual([])
  expect(us.file('director', '/etc/ipvsadm.rules')).toBe(full)
})

test('what another cluster saved stays when one is saved', () => {
  const us = saved()
  const other = { ...SERVICE, id: 'b', key: { ...WWW, vip: '172.25.254.101' }, realServers: [] }
  us.clusters = [...us.clusters, cluster([], { id: 'b', name: 'b', services: [other] })]
  const { clusters, ledger, lastSaved } = us
  const plan = planSave(us.worlds(), { clusters, saving: ['www'], lastSaved, ledger, include: [] })
  expect(plan.steps).toEqual([])
  const only = planSave(us.worlds(), { clusters, saving: ['b'], lastSaved, ledger, include: [] })
  expect(only.steps.filter(({ change }) => change === 'remove')).toEqual([])
})

test('a symbolic link in the place of a file is refused, and what it points to is left alone', () => {
  const us = new Operator()
  us.apply()
  delete us.hosts.director.state.files['/etc/ipvsadm.rules']
  us.hosts.director.state.links['/etc/ipvsadm.rules'] = '/srv/rules'
  expect(us.plan().refusals).toMatchObject([
    { hostId: 'director', why: { code: 'refusal.save-link', values: { target: '/srv/rules' } } },
  ])
})

test('a later sysctl file that wins is found and named', () => {
  const late = { '/etc/sysctl.d/99-zzz.conf': 'net.ipv4.conf.tunl0.rp_filter = 1\n' }
  const us = saved('bookworm', late)
  expect(us.survival('server2').checks.filter(({ state }) => state !== 'ok')).toMatchObject([
    {
      state: 'doubtful',
      why: { code: 'survives.sysctl-later', values: { path: '/etc/sysctl.d/99-zzz.conf' } },
    },
  ])
})

test('a host that a cluster uses is not cleaned of its traces', () => {
  const us = saved()
  const plan = planUninstall(us.worlds(), us)
  expect(plan.refusals.map(({ why }) => why.code)).toEqual(
    Array.from({ length: 3 }, () => 'refusal.uninstall-used'),
  )
})

test('an rc.local that is not executable is written, left as it is, and said not to be run', () => {
  const us = new Operator('bookwormQuick', { '/etc/rc.local': '#!/bin/sh\nsomething\n' })
  for (const { state } of Object.values(us.hosts)) state.modes['/etc/rc.local'] = '644'
  us.apply()
  us.save()
  const bad = us.survival('server2').checks.filter(({ state }) => state === 'bad')
  expect(bad.map(({ why }) => why.code)).toContain('survives.rc-local-off')
  expect(us.hosts.server2.state.modes['/etc/rc.local']).toBe('644')
})

test('whether rules are in a file that cannot be read is unknown, not "no"', () => {
  const us = saved()
  const world = us.worlds().find(({ host: { id } }) => id === 'director')
  if (world === undefined) throw new Error('the director was read')
  const files = {
    ...world.saved.files,
    '/etc/ipvsadm.rules': { kind: 'unreadable', why: 'x' } as const,
  }
  const { state, checks } = survivalOf({ ...world, saved: { ...world.saved, files } }, us)
  expect(state).toBe('doubtful')
  expect(checks.map(({ why }) => why.code)).toContain('survives.rules-unread')
})

test('a director that another cluster is yet to be applied on survives for the one that is saved', () => {
  const us = saved()
  const other = { ...SERVICE, id: 'b', key: { ...WWW, vip: '172.25.254.101' }, realServers: [] }
  us.clusters = [...us.clusters, cluster([], { id: 'b', name: 'b', services: [other] })]
  const { state, checks } = us.survival('director')
  expect(state).toBe('doubtful')
  expect(checks.filter((each) => each.state !== 'ok').map(({ why }) => why.code)).toEqual([
    'survives.unapplied',
  ])
})
