import { expect, test } from 'vitest'
import { bootSysctl } from './boot-sysctl'
import type { Saved } from './saved'

const KEY = 'net.ipv4.conf.tunl0.rp_filter'
const saved = (files: Record<string, string>, init: Saved['init'] = 'systemd'): Saved => ({
  distribution: { id: 'debian', like: [], version: '12', name: 'Debian' },
  ...{ init, files: {}, present: [] },
  sysctlFiles: Object.entries(files).map(([path, text]) => ({ path, lines: text.split('\n') })),
})
const ours = { '/etc/sysctl.d/99-zz-tunboard.conf': `${KEY} = 2` }

test('the file whose name sorts last decides, wherever it lies', () => {
  const files = { '/usr/lib/sysctl.d/99-zzz.conf': `${KEY}=1`, ...ours }
  expect(bootSysctl(saved(files), KEY)).toEqual({
    value: '1',
    path: '/usr/lib/sysctl.d/99-zzz.conf',
  })
  expect(bootSysctl(saved({ '/etc/sysctl.d/50-x.conf': `${KEY}=1`, ...ours }), KEY)?.value).toBe(
    '2',
  )
})

test('an explicit key beats a pattern, whatever the order (sysctl.d(5))', () => {
  const files = { ...ours, '/etc/sysctl.d/99-zzz.conf': '-net/ipv4/conf/*/rp_filter = 1' }
  expect(bootSysctl(saved(files), KEY)?.value).toBe('2')
  expect(bootSysctl(saved(files), 'net.ipv4.conf.eth0.rp_filter')?.value).toBe('1')
})

test('a file in /etc hides the one of its name in /usr/lib', () => {
  const files = {
    '/usr/lib/sysctl.d/50-a.conf': `${KEY}=1`,
    '/etc/sysctl.d/50-a.conf': '# nothing',
  }
  expect(bootSysctl(saved(files), KEY)).toBeUndefined()
})

test('sysctl.conf is read last without systemd, and not at all by systemd', () => {
  const files = { ...ours, '/etc/sysctl.conf': `${KEY} = 0` }
  expect(bootSysctl(saved(files, 'other'), KEY)).toEqual({ value: '0', path: '/etc/sysctl.conf' })
  expect(bootSysctl(saved(files), KEY)?.value).toBe('2')
})

test('comments and other keys say nothing; a device with a dot is written with a slash', () => {
  const files = {
    '/etc/sysctl.d/a.conf': `# ${KEY} = 1\n; ${KEY} = 1\nnet.ipv4.conf.eth0/7.rp_filter = 1`,
  }
  expect(bootSysctl(saved(files), KEY)).toBeUndefined()
  expect(bootSysctl(saved(files), 'net.ipv4.conf.eth0/7.rp_filter')?.value).toBe('1')
})
