import { parseAddress } from '@/lib/lvs/address'
import { commandFor } from '@/lib/lvs/item-change'
import { itemValue } from '@/lib/lvs/item-value'
import { formatItem, type Item } from '@/lib/lvs/ledger'
import type { Plan, Step } from '@/lib/lvs/plan'
import type { Running } from '@/lib/lvs/running'
import type { ServiceKey } from '@/lib/lvs/service'

/** An item and the value that it is to have; `undefined` = gone. */
export type Change = readonly [item: Item, after: string | undefined]

/** What is changed on one host and taken back by its timer. */
export type Shape = {
  name: string
  on: 'director' | 'server'
  /** Makes the host as it is before the change; whatever it makes is taken away by `clear`. */
  setup: string
  changes: readonly Change[]
}

const address = (text: string) => {
  const parsed = parseAddress(text)
  if (parsed === undefined) throw new Error(`${text} is no address`)
  return parsed
}
const VIP = address('172.25.254.200')
const VIP6 = address('fd00:25::200')
const MANAGEMENT = address('10.0.2.100')

const sysctl = (key: string): Item => ({ kind: 'sysctl', key: `net.ipv4.conf.${key}` })
const link: Item = { kind: 'link', device: 'tunl0' }
const module: Item = { kind: 'module', name: 'ipip' }
const on = (device: string, ip = VIP): Item => ({ kind: 'address', address: ip, device })
const www: ServiceKey = { kind: 'address', protocol: 'tcp', vip: VIP, port: 80 }
const dns6: ServiceKey = { kind: 'address', protocol: 'udp', vip: VIP6, port: 53 }
const mark = (family: 4 | 6): ServiceKey => ({ kind: 'fwmark', mark: 7, family })
const service = (key: ServiceKey): Item => ({ kind: 'service', service: key })
const entry = (key: ServiceKey, rip: string, port: number): Item => ({
  ...{ kind: 'entry', service: key, realServer: { rip: address(rip), port } },
})

const TUNNEL = `modprobe ipip; ip link set dev tunl0 up; ip address add ${VIP}/32 dev tunl0`
const TABLE = `
  ipvsadm -A -t ${VIP}:80 -s rr; ipvsadm -a -t ${VIP}:80 -r 172.25.254.2:80 -i -w 1
  ipvsadm -a -t ${VIP}:80 -r 172.25.254.3:80 -i -w 2 -x 100 -y 50
  ipvsadm -A -f 7 -6 -s sh -b sh-fallback; ipvsadm -a -f 7 -6 -r [fd00:25::2]:0 -i -w 1`

/** Gives a host back as it was before a shape's `setup`. */
export const CLEAR = {
  director: `ipvsadm -D -t ${VIP}:80; ipvsadm -D -f 7 -6; ipvsadm -D -f 7; ipvsadm -D -u [${VIP6}]:53; ip address del ${VIP}/32 dev eth0; true`,
  server: `ip address del ${VIP}/32 dev tunl0; ip link set dev tunl0 down; modprobe -r ipip; ip address del ${VIP}/32 dev lo; sysctl -w net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.all.arp_announce=0; true`,
}

/** Every kind of step, alone and as the planner puts them together. */
export const SHAPES: readonly Shape[] = [
  {
    ...{ name: 'real server made ready', on: 'server', setup: '' },
    changes: [
      [sysctl('all.arp_ignore'), '1'],
      [sysctl('all.arp_announce'), '2'],
      [module, 'loaded'],
      [link, 'up'],
      [on('tunl0'), '/32'],
      [sysctl('tunl0.rp_filter'), '2'],
    ],
  },
  {
    ...{ name: 'real server taken down', on: 'server' },
    setup: `${TUNNEL}; sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.tunl0.rp_filter=2`,
    changes: [
      [on('tunl0'), undefined],
      [sysctl('all.arp_ignore'), '0'],
      [sysctl('tunl0.rp_filter'), '0'],
      [link, 'down'],
    ],
  },
  {
    ...{ name: 'tunnel down that has routes and IPv6', on: 'server' },
    setup: `${TUNNEL}; ip -6 address add fd00:77::1/64 dev tunl0; ip route add 10.77.0.0/24 dev tunl0; ip -6 route add fd00:78::/64 dev tunl0`,
    changes: [[link, 'down']],
  },
  { name: 'VIP on lo', on: 'server', setup: '', changes: [[on('lo'), '/32']] },
  {
    ...{ name: 'sysctls', on: 'server', setup: '' },
    changes: [
      [sysctl('all.arp_ignore'), '1'],
      [sysctl('eth0.arp_announce'), '2'],
      [sysctl('eth0.rp_filter'), '2'],
    ],
  },
  {
    ...{ name: 'own management address', on: 'server', setup: '' },
    changes: [[on('mgmt', MANAGEMENT), undefined]],
  },
  {
    ...{ name: 'VIP, service and entries', on: 'director', setup: '' },
    changes: [
      [on('eth0'), '/32'],
      [service(www), '-s rr'],
      [entry(www, '172.25.254.2', 80), '-i -w 1'],
      [entry(www, '172.25.254.3', 80), '-i -w 1'],
      [service(mark(6)), '-s wlc'],
      [entry(mark(6), 'fd00:25::2', 0), '-i -w 1'],
      [service(mark(4)), '-s rr'],
      [service(dns6), '-s sh -o'],
    ],
  },
  {
    ...{ name: 'weights and schedulers', on: 'director', setup: TABLE },
    changes: [
      [entry(www, '172.25.254.2', 80), '-i -w 0'],
      [entry(www, '172.25.254.3', 80), '-i -w 5'],
      [service(www), '-s wlc -p 300'],
      [service(mark(6)), '-s rr'],
      [entry(mark(6), 'fd00:25::2', 0), '-i -w 9'],
    ],
  },
  {
    ...{ name: 'entries and services removed', on: 'director' },
    setup: `ip address add ${VIP}/32 dev eth0; ${TABLE}`,
    changes: [
      [entry(www, '172.25.254.2', 80), undefined],
      [entry(www, '172.25.254.3', 80), undefined],
      [service(www), undefined],
      [entry(mark(6), 'fd00:25::2', 0), undefined],
      [service(mark(6)), undefined],
      [on('eth0'), undefined],
    ],
  },
]

/** What a device is that its module makes: down, with parameters of the kernel's own. */
const DEVICE_DEFAULTS: Partial<Record<Item['kind'], string>> = { link: 'down', sysctl: '0' }

const before = (running: Running, item: Item): string | undefined =>
  itemValue(running, item) ?? DEVICE_DEFAULTS[item.kind]

/** Writes the plan of a shape on one host that was read: what the planner would, without asking whether it is wise. */
export function planOf(shape: Shape, hostName: string, running: Running): Plan {
  const steps = shape.changes.map(([item, after], phase): Step => {
    const was = before(running, item)
    const change = was === undefined ? 'add' : after === undefined ? 'remove' : 'edit'
    return {
      ...{ id: `${hostName} ${formatItem(item)}`, hostId: hostName, hostName, kind: item.kind },
      ...{ change, item, subject: formatItem(item), mayFail: false, phase },
      ...(was !== undefined && { before: was }),
      ...(after !== undefined && { after }),
      argv: commandFor(item, was, after) ?? [],
      why: { code: 'wanted', values: {} },
    }
  })
  const none = { refusals: [], debts: [], waiting: [], notes: [], bookkeeping: [] }
  return { basis: shape.name, steps, ...none }
}
