import { isIPv4 } from 'node:net'
import { expanded, hex, hex32 } from './address'
import { textAt } from './disk'
import { procModules } from './modules'
import type { FakeDestination, FakeService, KernelState } from './state'

/** CONFIG_HZ of the lab's kernels: /proc/net/ip_vs shows persistence in jiffies. */
const HZ = 100

function maskHex(service: FakeService): string {
  // an IPv6 prefix length is stored as it is and shown through ntohl
  if (service.family === 6) return `${hex(Number(service.mask), 2)}000000`
  return hex32(service.mask)
}

function hexAddress(family: 4 | 6, address: string, port: number): string {
  const host = family === 6 ? `[${expanded(address)}]` : hex32(address)
  return `${host}:${hex(port, 4)}`
}

// TCP  AC19FE66:0050 lc  persistent 30000 FFFFFFFF
function serviceLine(service: FakeService): string {
  const ops = service.onePacket ? 'ops ' : ''
  const persistent =
    service.timeout === undefined ? '' : `persistent ${service.timeout * HZ} ${maskHex(service)}`
  const name =
    service.fwmark === 0
      ? `${service.protocol.toUpperCase()}  ${hexAddress(service.family, service.address, service.port)}`
      : `FWM  ${hex(service.fwmark, 8)}`
  // only the IPv4 line has a blank after the ops flag
  const blank = service.fwmark === 0 && service.family === 4 ? ' ' : ''
  return `${name} ${service.scheduler} ${ops}${blank}${persistent}\n`
}

//   -> AC19FE03:0050      Tunnel  1      0          8
function destinationLine(destination: FakeDestination): string {
  const { family, address, port, forward, weight, active, inactive } = destination
  const columns = `${forward.padEnd(7)} ${String(weight).padEnd(6)} ${String(active).padEnd(10)} ${String(inactive).padEnd(10)}`
  return `  -> ${hexAddress(family, address, port)}      ${columns}\n`
}

function table(state: KernelState): string | undefined {
  if (state.ipvs === undefined) return undefined
  const title =
    'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n' +
    '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n'
  // address services hash first, marks after them
  const services = [...state.ipvs.services].sort(
    (a, b) => Number(a.fwmark > 0) - Number(b.fwmark > 0),
  )
  const lines = services.map(
    (service) => serviceLine(service) + service.destinations.map(destinationLine).join(''),
  )
  return title + lines.join('')
}

// TCP AC19FEFA E84E AC19FE67 0050 AC19FE03 0050 FIN_WAIT         81
function connections(state: KernelState): string | undefined {
  if (state.ipvs === undefined) return undefined
  const host = (address: string) =>
    address.includes(':') ? expanded(address) : hex32(isIPv4(address) ? address : '172.25.254.250')
  const rows = state.ipvs.connections.map((each) =>
    [
      each.protocol.toUpperCase().padEnd(3),
      `${host(each.client)} ${hex(each.clientPort, 4)}`,
      `${host(each.address)} ${hex(each.port, 4)}`,
      `${host(each.destination)} ${hex(each.destinationPort, 4)}`,
      `${each.state.padEnd(11)}      60\n`,
    ].join(' '),
  )
  return `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n${rows.join('')}`
}

function totals(state: KernelState): string | undefined {
  if (state.ipvs === undefined) return undefined
  const { connections, packets, bytes } = state.ipvs.totals
  const row = [connections, packets, 0, bytes, 0]
    .map((value, at) =>
      value
        .toString(16)
        .toUpperCase()
        .padStart(at < 3 ? 8 : 16),
    )
    .join(' ')
  return (
    '   Total Incoming Outgoing         Incoming         Outgoing\n' +
    `   Conns  Packets  Packets            Bytes            Bytes\n${row}\n\n` +
    ' Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n' +
    '       0        0        0                0                0\n'
  )
}

/** Reads a file of the host: what the kernel makes up below /proc and /sys, else one of the files. */
export function readFile(state: KernelState, path: string): string | undefined {
  const made: Record<string, () => string | undefined> = {
    '/proc/net/ip_vs': () => table(state),
    '/proc/net/ip_vs_stats': () => totals(state),
    '/proc/net/ip_vs_conn': () => connections(state),
    '/proc/modules': () => procModules(state),
    '/proc/sys/kernel/random/boot_id': () => `${state.bootId}\n`,
    '/proc/sys/kernel/hostname': () => `${state.hostName}\n`,
    '/proc/sys/kernel/osrelease': () => `${state.release}\n`,
    '/proc/uptime': () => '1234.56 1230.00\n',
  }
  const make = made[path]
  if (make !== undefined) return make()
  if (path.startsWith('/proc/sys/')) {
    const value = state.sysctls[path.slice('/proc/sys/'.length)]
    return value === undefined ? undefined : `${value}\n`
  }
  return textAt(state, path)
}

/** Tells whether a path exists, including the folders of /sys that the reads test. */
export function exists(state: KernelState, path: string): boolean {
  const device = /^\/sys\/class\/net\/([^/]+)$/.exec(path)
  if (device !== null) return state.devices.some((each) => each.name === device[1])
  const module = /^\/sys\/module\/([^/]+)$/.exec(path)
  if (module !== null) return state.modules.loaded.includes(module[1] ?? '')
  return state.folders.includes(path) || readFile(state, path) !== undefined
}
