import { DEFAULT_OPTIONS, type DesiredCluster } from './cluster'
import type { HostRef, HostState, Running } from './running'
import { IPIP, type RealServerConfig, type ServiceConfig, type ServiceKey } from './service'

/** The tutorial's cluster as values, for tests of the planner: director .1, servers .2 to .4, VIP .100. */
export const VIP = '172.25.254.100'
export const WWW: ServiceKey = { kind: 'address', protocol: 'tcp', vip: VIP, port: 80 }
export const RR: ServiceConfig = { scheduler: 'rr', flags: [], onePacket: false }
export const WEIGHT_1: RealServerConfig = {
  forwarding: IPIP,
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
}

export const host = (name: string): HostRef => ({ id: name, name, address: '127.0.0.1' })

const conf = (device: string) =>
  Object.fromEntries(
    ['rp_filter', 'arp_ignore', 'arp_announce'].map((key) => [
      `net.ipv4.conf.${device}.${key}`,
      '0',
    ]),
  )

/** A host of the lab as it boots: nothing loaded, nothing set. */
export function bare(lan: number): Running {
  return {
    bootId: `boot-${lan}`,
    modules: [],
    missingModules: [],
    devices: [
      {
        name: 'lo',
        up: true,
        loopback: true,
        addresses: [{ address: '127.0.0.1', prefixLength: 8 }],
      },
      {
        name: 'eth0',
        up: true,
        loopback: false,
        addresses: [{ address: `172.25.254.${lan}`, prefixLength: 24 }],
      },
    ],
    sysctls: { ...conf('all'), ...conf('default'), ...conf('lo'), ...conf('eth0') },
    ipvs: { state: 'absent' },
    owners: [],
    tools: ['ipvsadm', 'ip', 'modprobe', 'sysctl', 'arping', 'bash', 'timeout', 'flock', 'udevadm'],
    privilege: 'root',
  }
}

export const realServer = (lan: number, config: RealServerConfig = WEIGHT_1) => ({
  id: `rs${lan}`,
  name: `server${lan}`,
  hostId: `server${lan}`,
  key: { rip: `172.25.254.${lan}`, port: 80 },
  config,
})

/** The cluster `www` with real servers by the last number of their RIP. */
export function cluster(
  lans: readonly number[],
  change: Partial<DesiredCluster> = {},
): DesiredCluster {
  return {
    id: 'www',
    name: 'www',
    directors: [{ hostId: 'director', name: 'director', dip: '172.25.254.1' }],
    services: [
      {
        id: 'www-80',
        key: WWW,
        config: RR,
        vips: [],
        realServers: lans.map((lan) => realServer(lan)),
      },
    ],
    options: DEFAULT_OPTIONS,
    ...change,
  }
}

/** Every host of the lab, as it boots. */
export const bareHosts = (): HostState[] => [
  { host: host('director'), running: bare(1) },
  ...[2, 3, 4].map((lan) => ({ host: host(`server${lan}`), running: bare(lan) })),
]
