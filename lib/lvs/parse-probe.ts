import type { EffectiveSysctls, HostFacts } from './host-facts'
import { parseAddresses } from './parse-addresses'
import { type Framed, parseFrame } from './parse-frame'
import { formatTableKey } from './parse-ipvs'
import { linesOf, unreadableCut, unreadableLine, wordsOf } from './parse-lines'
import { parseDistribution, parseModuleRows, parseOwnerRows, parseTools } from './parse-probe-parts'
import { parseBootId } from './parse-running'
import { sysctlKeyOf } from './parse-sysctls'
import { parseProcTable } from './parse-table'
import { type Reason, reason } from './reason'
import type { Device, Running } from './running'
import { isScheduler } from './scheduler'

type Parts = ReadonlyMap<string, Framed>

/** Gives a part that the facts cannot do without. */
function partOf(parts: Parts, name: string): string {
  const part = parts.get(name)
  if (part?.exit === undefined) throw unreadableCut(name)
  return part.text
}

// uid=1000(student) gid=1000(student) groups=1000(student)
// Linux 6.1.176 x86_64
// director.example.com
// 1795369173
// 35.18 20.22
// ae3d03e0-4639-4cf1-8cc6-2b4bf62fe62e
// init
function parseIdentity(text: string) {
  const [who = '', system = '', hostName, clock, uptime = '', boot = '', init] = linesOf(text)
  const [, uid, user] = /^uid=(\d+)\(([^)]*)\)/.exec(who) ?? []
  const [, kernel, architecture] = wordsOf(system)
  const [clockSeconds, uptimeSeconds] = [Number(clock), Number(uptime.split(' ')[0])]
  if (uid === undefined || user === undefined) throw unreadableLine('id', who)
  if (kernel === undefined || architecture === undefined) throw unreadableLine('id', system)
  if (hostName === undefined || init === undefined) throw unreadableCut('id')
  if (!Number.isInteger(clockSeconds) || !Number.isFinite(uptimeSeconds))
    throw unreadableLine('id', `${clock} ${uptime}`)
  const names = { hostName: hostName.trim(), kernel, architecture, init: init.trim() }
  return { uid, ...names, user, bootId: parseBootId(boot), clockSeconds, uptimeSeconds }
}

/** Tells what sudo grants, by the form of its answer, not by its words: a rule begins with `(runas)`. */
function parseSudo(text: string, uid: string): { privilege: Running['privilege']; sudo: string } {
  if (uid === '0') return { privilege: 'root', sudo: '' }
  const lines = linesOf(text)
  const granted = lines.some((line) => /^\s+\(.+\)/.test(line))
  return { privilege: granted ? 'sudo' : 'none', sudo: lines.join('\n') }
}

/** `ip -j link` knows kinds, `ip -j addr` addresses; the text forms of both are one reading. */
function parseDevices(link: string, addr: string): Device[] {
  if (linesOf(addr)[0] === '#text') {
    const links = linesOf(link).filter((line) => line !== '#text')
    return parseAddresses(['#text', ...links, ...linesOf(addr).slice(1)].join('\n'))
  }
  const kinds = new Map(parseAddresses(link).map((device) => [device.name, device.kind]))
  return parseAddresses(addr).map((device) => {
    const kind = kinds.get(device.name) ?? device.kind
    return kind === undefined ? device : { ...device, kind }
  })
}

// /proc/sys/net/ipv4/conf/all/rp_filter=0
function parseSysctlRows(text: string): Record<string, string> {
  const sysctls: Record<string, string> = {}
  for (const line of linesOf(text)) {
    const [, path, value] = /^\/proc\/sys\/([^=]+)=(.*)$/.exec(line) ?? []
    if (path === undefined || value === undefined) throw unreadableLine('sysctl', line)
    sysctls[sysctlKeyOf(path)] = value.trim()
  }
  return sysctls
}

/** Computes what the kernel uses: the larger of `all` and the device's own (ip-sysctl.rst). */
function effectiveSysctls(
  device: string,
  sysctls: Readonly<Record<string, string>>,
): EffectiveSysctls {
  const larger = (key: string) => {
    const own = sysctls[`net.ipv4.conf.${sysctlKeyOf(device)}.${key}`]
    return Math.max(Number(sysctls[`net.ipv4.conf.all.${key}`] ?? 0), Number(own ?? 0))
  }
  const [rpFilter, arpIgnore] = [larger('rp_filter'), larger('arp_ignore')]
  return { device, rpFilter, arpIgnore, arpAnnounce: larger('arp_announce') }
}

function parseIpvsPart(parts: Parts): HostFacts['ipvs'] {
  const text = partOf(parts, 'ipvs_proc')
  if (linesOf(text)[0]?.trim() === 'absent') return { state: 'absent' }
  const services = parseProcTable(text).services.map((service) => ({
    name: formatTableKey(service.key),
    scheduler: service.scheduler,
    realServers: service.entries.length,
  }))
  const rules = parts.get('ipvs_rules')
  if (rules?.exit === undefined || rules.exit === 0) return { state: 'present', services }
  return { state: 'present', services, denied: linesOf(rules.text).join('\n').slice(0, 400) }
}

function warningsOf(parts: Parts, facts: Omit<HostFacts, 'warnings'>): Reason[] {
  const { loaded, available, builtin } = facts.modules
  const cut = [...parts].filter(([, part]) => part.exit === undefined)
  const modules = ['ip_vs', 'ipip'].filter(
    (name) => ![...loaded, ...available, ...builtin].includes(name),
  )
  return [
    ...cut.map(([section]) => reason('probe.truncated', { section })),
    ...modules.map((module) => reason('probe.no-module', { module })),
    ...(facts.tools.includes('ipvsadm') ? [] : [reason('probe.no-tool', { tool: 'ipvsadm' })]),
    ...(facts.tools.includes('ip') ? [] : [reason('probe.no-tool', { tool: 'ip' })]),
    ...(facts.privilege === 'none' ? [reason('probe.no-privilege', { user: facts.user })] : []),
  ]
}

/**
 * Reads the output of the whole probe (lvs-probe.sh) into what the host is. Throws Unreadable: `unreadable.cut` when
 * the output or a part that is needed was cut, `unreadable.line` for a part that is nonsense; the caller adds `host`.
 */
export function parseProbe(output: string, nonce: string): HostFacts {
  const parts = parseFrame(output, nonce)
  const { uid, ...identity } = parseIdentity(partOf(parts, 'id'))
  const { tools, versions } = parseTools(partOf(parts, 'tools'))
  const modules = parseModuleRows(partOf(parts, 'mods'))
  const devices = parseDevices(partOf(parts, 'link'), partOf(parts, 'addr'))
  const sysctls = parseSysctlRows(partOf(parts, 'sysctl'))
  const every = new Set([...modules.loaded, ...modules.available, ...modules.builtin])
  const facts = {
    ...identity,
    distribution: parseDistribution(partOf(parts, 'os')),
    ...parseSudo(partOf(parts, 'sudo'), uid),
    versions,
    modules,
    schedulers: [...every].map((name) => name.replace(/^ip_vs_/, '')).filter(isScheduler),
    devices,
    sysctls,
    effective: devices.map((device) => effectiveSysctls(device.name, sysctls)),
    owners: parseOwnerRows(partOf(parts, 'owner')),
    tools,
    ipvs: parseIpvsPart(parts),
  }
  return { ...facts, warnings: warningsOf(parts, facts) }
}
