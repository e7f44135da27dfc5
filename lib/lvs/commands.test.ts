import { expect, test } from 'vitest'
import {
  announce,
  entryCommand,
  loadModule,
  reach,
  realServerOptions,
  serviceCommand,
  serviceOptions,
  setAddress,
  setLink,
  setSysctl,
  settle,
  unloadModule,
} from './commands'
import type { RealServerConfig, ServiceConfig, ServiceKey } from './service'

// Each command whole, as one line.

const line = (argv: readonly string[]) => argv.join(' ')
const WWW: ServiceKey = { kind: 'address', protocol: 'tcp', vip: '10.0.0.200', port: 80 }
const rr: ServiceConfig = { scheduler: 'rr', flags: [], onePacket: false }
const plain: RealServerConfig = {
  forwarding: { method: 'tunnel', tunnel: { type: 'ipip' } },
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
}

test('services of every kind', () => {
  const add = (key: ServiceKey, config: Partial<ServiceConfig> = {}) =>
    line(serviceCommand('-A', key, serviceOptions({ ...rr, ...config })))
  expect(add(WWW)).toBe('ipvsadm -A -t 10.0.0.200:80 -s rr')
  expect(add({ ...WWW, protocol: 'udp', port: 53 }, { onePacket: true })).toBe(
    'ipvsadm -A -u 10.0.0.200:53 -s rr -o',
  )
  expect(add({ ...WWW, protocol: 'sctp', port: 5060 })).toBe(
    'ipvsadm -A --sctp-service 10.0.0.200:5060 -s rr',
  )
  expect(add({ ...WWW, vip: 'fd00::200' })).toBe('ipvsadm -A -t [fd00::200]:80 -s rr')
  expect(add({ kind: 'fwmark', mark: 7, family: 6 })).toBe('ipvsadm -A -f 7 -6 -s rr')
  expect(
    add(WWW, {
      scheduler: 'sh',
      flags: ['sh-fallback', 'sh-port'],
      persistence: { timeoutSeconds: 600, mask: '255.255.255.0' },
      persistenceEngine: 'sip',
    }),
  ).toBe(
    'ipvsadm -A -t 10.0.0.200:80 -s sh -p 600 -M 255.255.255.0 --pe sip -b sh-fallback,sh-port',
  )
  expect(line(serviceCommand('-D', WWW))).toBe('ipvsadm -D -t 10.0.0.200:80')
})

test('entries of every forwarding, always with the whole object', () => {
  const edit = (config: Partial<RealServerConfig>) =>
    line(
      entryCommand(
        '-e',
        WWW,
        { rip: '10.0.0.12', port: 80 },
        realServerOptions({ ...plain, ...config }),
      ),
    )
  const head = 'ipvsadm -e -t 10.0.0.200:80 -r 10.0.0.12:80'
  expect(edit({})).toBe(`${head} -i -w 1`)
  expect(edit({ weight: 0 })).toBe(`${head} -i -w 0`)
  expect(edit({ upperThreshold: 100, lowerThreshold: 50 })).toBe(`${head} -i -w 1 -x 100 -y 50`)
  expect(edit({ forwarding: { method: 'route' } })).toBe(`${head} -g -w 1`)
  expect(edit({ forwarding: { method: 'masquerade' } })).toBe(`${head} -m -w 1`)
  const gue = { type: 'gue', port: 6080, checksum: 'remcsum' } as const
  expect(edit({ forwarding: { method: 'tunnel', tunnel: gue } })).toBe(
    `${head} -i --tun-type gue --tun-port 6080 --tun-remcsum -w 1`,
  )
  const gre = { type: 'gre', checksum: 'none' } as const
  expect(edit({ forwarding: { method: 'tunnel', tunnel: gre } })).toBe(
    `${head} -i --tun-type gre --tun-nocsum -w 1`,
  )
})

test('what goes to ip, sysctl, modprobe, udevadm and arping', () => {
  expect(line(loadModule('ipip'))).toBe('modprobe ipip')
  expect(line(unloadModule('ipip'))).toBe('modprobe -r ipip')
  expect(line(settle())).toBe('udevadm settle --timeout=5')
  expect(line(setLink('tunl0', 'up'))).toBe('ip link set dev tunl0 up')
  expect(line(setAddress('add', '10.0.0.200', 'tunl0'))).toBe(
    'ip address add 10.0.0.200/32 dev tunl0',
  )
  expect(line(setAddress('del', 'fd00::200', 'lo'))).toBe('ip address del fd00::200/128 dev lo')
  expect(line(setSysctl('net.ipv4.conf.tunl0.rp_filter', '2'))).toBe(
    'sysctl -w net.ipv4.conf.tunl0.rp_filter=2',
  )
  expect(line(announce('10.0.0.200', 'eth0'))).toBe(
    'arping -U -c 2 -I eth0 -s 10.0.0.200 10.0.0.200',
  )
  expect(reach({ rip: '10.0.0.12', port: 80 })).toEqual([
    ...['timeout', '3', 'bash', '-c', 'exec 3<>"/dev/tcp/$0/$1"', '10.0.0.12', '80'],
  ])
})
