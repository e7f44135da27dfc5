import { describe, expect, it } from 'vitest'
import { createFakeKernel, type FakeKernel } from './fake-kernel'
import type { FakeKernelOptions } from './fake-kernel/boot'
import { FILE_TREES, type FileTreeName } from './file-trees'

const boot = (tree: FileTreeName, more: FakeKernelOptions = {}) =>
  createFakeKernel({ tree: FILE_TREES[tree], ...more })
const words = (line: string) => line.split(' ')
const run = (kernel: FakeKernel, line: string) => {
  const output = kernel.exec(words(line))
  expect(output, line).toMatchObject({ exit: 0 })
}
const conf = ({ state }: FakeKernel, key: string) => state.sysctls[`net/ipv4/conf/${key}`]
const table = (kernel: FakeKernel) =>
  kernel.state.ipvs === undefined ? 'absent' : kernel.exec(['ipvsadm', '-Sn']).stdout
const RULES =
  '# by hand\n-A -t 192.0.2.1:80 -s rr\n-a -t 192.0.2.1:80 -r 192.0.2.2:80 -i -w 1 -x 9 -y 5\n'
const LOADED =
  '-A -t 192.0.2.1:80 -s rr\n-a -t 192.0.2.1:80 -r 192.0.2.2:80 -i -w 1 --tun-type ipip\n'

describe('sysctl files at boot', () => {
  // LVS-TUN facts, 2.4: what holds on an interface is the larger of all's value and its own
  it.each([
    ['bookworm', 0],
    ['trixie', 2],
    ['ubuntu2404', 2],
    ['rhel9', 1],
    ['rhel7', 1],
    ['alpine', 1],
  ] as const)('%s gives tunl0 an effective rp_filter of %s', (tree, effective) => {
    const kernel = boot(tree, { files: { '/etc/modules-load.d/a.conf': 'ipip\n' } })
    const values = ['all', 'tunl0'].map((name) => Number(conf(kernel, `${name}/rp_filter`)))
    expect(Math.max(...values)).toBe(effective)
  })

  it('let a key by its name beat a pattern, whatever the order, under systemd', () => {
    const files = { '/etc/sysctl.d/10-a.conf': 'net.ipv4.conf.eth0.rp_filter = 0\n' }
    expect(conf(boot('rhel9', { files }), 'eth0/rp_filter')).toBe('0')
    expect(conf(boot('rhel9', { files }), 'mgmt/rp_filter')).toBe('1')
  })

  it('take one file of a name, and a link to /dev/null in its place hides it', () => {
    const kernel = boot('rhel9')
    kernel.state.links['/etc/sysctl.d/50-redhat.conf'] = '/dev/null'
    kernel.reboot()
    expect(conf(kernel, 'eth0/rp_filter')).toBe('2')
  })

  it('do not hold /etc/sysctl.conf on Debian 13, and do on Debian 12', () => {
    const files = { '/etc/sysctl.conf': 'net.ipv4.conf.all.arp_ignore = 1\n' }
    const of = (tree: FileTreeName) => conf(boot(tree, { files }), 'all/arp_ignore')
    expect([of('trixie'), of('bookworm'), of('bookwormQuick')]).toEqual(['0', '1', '1'])
  })

  it('undo what was only set live', () => {
    const kernel = boot('rhel9')
    run(kernel, 'sysctl -w net.ipv4.conf.eth0.rp_filter=2')
    kernel.reboot()
    expect(conf(kernel, 'eth0/rp_filter')).toBe('1')
  })
})

describe('saved rules at boot', () => {
  const AUTO = { '/etc/default/ipvsadm': 'AUTO="true"\n', '/etc/ipvsadm.rules': RULES }

  it.each(['bookworm', 'bookwormQuick', 'trixie', 'ubuntu2404'] as const)(
    '%s loads them when AUTO is true, and only then',
    (tree) => {
      expect(table(boot(tree, { files: AUTO }))).toBe(LOADED)
      expect(table(boot(tree, { files: { '/etc/ipvsadm.rules': RULES } }))).toBe('absent')
    },
  )

  it('are not loaded on Debian 13 when its unit is disabled', () => {
    const kernel = boot('trixie', { files: AUTO })
    run(kernel, 'systemctl disable ipvsadm')
    kernel.reboot()
    expect(table(kernel)).toBe('absent')
    run(kernel, 'systemctl enable ipvsadm')
    kernel.reboot()
    expect(table(kernel)).toBe(LOADED)
  })

  it('come back with thresholds where the file has them', () => {
    const kernel = boot('trixie', { files: AUTO })
    expect(kernel.exec(words('ipvsadm -Ln --thresholds')).stdout).toMatch(/192\.0\.2\.2:80 +9 +5 /)
  })

  it('end at the first line that is no command', () => {
    const [service = '', entry = ''] = RULES.split('\n').slice(1)
    const rules = `${service}\n  # indented\n${entry}\n`
    const kernel = boot('bookworm', { files: { ...AUTO, '/etc/ipvsadm.rules': rules } })
    expect(table(kernel)).toBe('-A -t 192.0.2.1:80 -s rr\n')
  })

  it.each([
    ['rhel9', '/etc/sysconfig/ipvsadm'],
    ['sle15', '/etc/ipvsadm.rules'],
  ] as const)('%s loads %s once the unit is enabled', (tree, path) => {
    const kernel = boot(tree, { files: { [path]: RULES } })
    expect(table(kernel)).toBe('absent')
    run(kernel, 'systemctl enable ipvsadm.service')
    kernel.reboot()
    expect(table(kernel)).toBe(LOADED)
  })

  it('are written over by RHEL at the second shutdown, unless a drop-in clears ExecStop', () => {
    const path = '/etc/sysconfig/ipvsadm'
    const kernel = boot('rhel9', { files: { [path]: RULES } })
    run(kernel, 'systemctl enable ipvsadm')
    kernel.reboot('shut-down')
    expect(kernel.read(path)).toBe(RULES)
    const other = kernel.fork()
    kernel.reboot('shut-down')
    expect(kernel.read(path)).toBe(LOADED)
    other.state.files['/etc/systemd/system/ipvsadm.service.d/tunboard.conf'] =
      '[Service]\nExecStop=\n'
    other.reboot('shut-down')
    expect(other.read(path)).toBe(RULES)
  })

  it('alpine loads its own file from its runlevel', () => {
    const kernel = boot('alpine', { files: { '/var/lib/ipvsadm/rules-save': RULES } })
    expect(table(kernel)).toBe('absent')
    run(kernel, 'rc-update add ipvsadm default')
    kernel.reboot()
    expect(table(kernel)).toBe(LOADED)
    run(kernel, 'rc-update del ipvsadm default')
    kernel.reboot()
    expect(table(kernel)).toBe('absent')
  })
})

describe('what starts devices and addresses', () => {
  const UNIT = `[Unit]
Before=ipvsadm.service
[Service]
Type=oneshot
ExecStart=/sbin/modprobe ipip
ExecStart=-/sbin/nosuch
ExecStart=/sbin/ip link set dev tunl0 up
ExecStart=/sbin/ip address replace 192.0.2.1/32 dev tunl0
[Install]
WantedBy=multi-user.target
`
  const tunnel = ({ state }: FakeKernel) => state.devices.find(({ name }) => name === 'tunl0')

  it('is a unit that is enabled, and only then', () => {
    const kernel = boot('trixie', { files: { '/etc/systemd/system/tunboard.service': UNIT } })
    kernel.reboot()
    expect(tunnel(kernel)).toBeUndefined()
    run(kernel, 'systemctl enable tunboard.service')
    kernel.reboot()
    expect(tunnel(kernel)).toMatchObject({ up: true, addresses: [{ local: '192.0.2.1' }] })
  })

  it('ends at a line that fails', () => {
    const text = UNIT.replace('-/sbin/nosuch', '/sbin/nosuch')
    const kernel = boot('trixie', { files: { '/etc/systemd/system/tunboard.service': text } })
    run(kernel, 'systemctl enable tunboard.service')
    kernel.reboot()
    expect(tunnel(kernel)).toMatchObject({ up: false })
  })

  it.each([
    ['bookwormQuick', '/etc/rc.local', undefined],
    ['alpine', '/etc/local.d/tunboard.start', 'rc-update add local default'],
  ] as const)('on %s is %s when it may be run', (tree, path, enable) => {
    const text = '#!/bin/sh\nmodprobe ipip\nip link set dev tunl0 up\nexit 0\nrmmod ipip\n'
    const kernel = boot(tree, { files: { [path]: text } })
    if (enable !== undefined) run(kernel, enable)
    kernel.reboot()
    expect(tunnel(kernel)).toBeUndefined()
    kernel.state.modes[path] = '755'
    kernel.reboot()
    expect(tunnel(kernel)).toMatchObject({ up: true })
  })

  it('loses to udev where only the unit sets what a file of the distribution sets otherwise', () => {
    const text = `${UNIT.replace('[Install]', 'ExecStart=/sbin/sysctl -q -w net.ipv4.conf.tunl0.rp_filter=2\n[Install]')}`
    const files = { '/etc/systemd/system/tunboard.service': text }
    const kernel = boot('rhel9', { files })
    run(kernel, 'systemctl enable tunboard.service')
    kernel.reboot()
    expect(conf(kernel, 'tunl0/rp_filter')).toBe('1')
    kernel.state.files['/etc/sysctl.d/99-zz-tunboard.conf'] = 'net.ipv4.conf.tunl0.rp_filter = 2\n'
    kernel.reboot()
    expect(conf(kernel, 'tunl0/rp_filter')).toBe('2')
  })
})

describe('units and runlevels', () => {
  // as systemctl of 252 and 257 answers in the lab
  it('disables a unit whose file is gone, once', () => {
    const kernel = boot('bookworm')
    kernel.state.files['/etc/systemd/system/tb.service'] = '[Install]\nWantedBy=multi-user.target\n'
    run(kernel, 'systemctl enable tb.service')
    run(kernel, 'systemctl enable tb.service')
    run(kernel, 'rm -f /etc/systemd/system/tb.service')
    run(kernel, 'systemctl disable tb.service')
    expect(kernel.exec(words('systemctl disable tb.service'))).toEqual({
      ...{ exit: 1, stdout: '' },
      stderr: 'Failed to disable unit: Unit file tb.service does not exist.\n',
    })
    expect(kernel.exec(words('systemctl enable tb.service')).exit).toBe(1)
  })

  it('has systemctl not on Alpine, rc-update not elsewhere, and a manager to talk to under systemd', () => {
    const exits = (tree: FileTreeName) =>
      ['systemctl daemon-reload', 'rc-update add local default'].map(
        (line) => boot(tree).exec(words(line)).exit,
      )
    expect([exits('bookworm'), exits('bookwormQuick'), exits('alpine')]).toEqual([
      [0, 127],
      [1, 127],
      [127, 0],
    ])
  })

  it('writes nothing on a disk that is read-only', () => {
    const kernel = boot('trixie')
    kernel.state.disk = 'read-only'
    for (const line of ['systemctl disable ipvsadm', 'rm -f /etc/ipvsadm.rules'])
      expect(kernel.exec(words(line)).exit).toBe(1)
    run(kernel, 'rm -f /etc/nosuch')
    expect(kernel.read('/etc/ipvsadm.rules')).toBeDefined()
  })
})
