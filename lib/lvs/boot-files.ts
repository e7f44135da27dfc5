import { formatItem, type Item } from './ledger'
import {
  ETC_MODULES,
  isEnabled,
  LOCAL_D,
  MODULES_FILE,
  type Places,
  RC_LOCAL,
  SYSCTL_FILE,
  textOf,
  UNIT,
  UNIT_FILE,
} from './save-places'
import type { Saved } from './saved'

/** An item with the value that a boot is to give it. */
export type Target = { item: Item; value: string }

const HEAD = '# Written by Tunboard; the next Save writes it anew.'
const BEGIN = '# tunboard begin'
const END = '# tunboard end'

const ofKind = <K extends Item['kind']>(targets: readonly Target[], kind: K) =>
  targets.flatMap(({ item, value }) =>
    item.kind === kind ? [{ item: item as Item & { kind: K }, value }] : [],
  )

const modulesOf = (targets: readonly Target[]) =>
  ofKind(targets, 'module').map(({ item }) => item.name)

/** Commands that bring devices and addresses back, in the ordering law: sysctls before any VIP. */
function bootCommands(targets: readonly Target[]): string[] {
  return [
    ...modulesOf(targets).map((name) => `modprobe ${name}`),
    // -e: a LAN device that the network makes later (bond, VLAN) must not keep the VIP down; udev sets its keys then
    ...(ofKind(targets, 'sysctl').length > 0 ? [`sysctl -q -e -p ${SYSCTL_FILE}`] : []),
    ...ofKind(targets, 'link').map(({ item, value }) => `ip link set dev ${item.device} ${value}`),
    ...ofKind(targets, 'address').map(
      ({ item, value }) => `ip address replace ${item.address}${value} dev ${item.device}`,
    ),
  ]
}

/** Addresses on a device of the network need it; tunl0 and lo are there before any network. */
const needsNetwork = (targets: readonly Target[]): boolean =>
  ofKind(targets, 'address').some(({ item }) => !['tunl0', 'lo'].includes(item.device))

// systemd before 239 wants whole paths; /sbin is a link to /usr/sbin where the two were merged
function unitText(targets: readonly Target[]): string {
  const [first, ...rest] = bootCommands(targets).map((command) => `ExecStart=/sbin/${command}`)
  const late = needsNetwork(targets)
  const modules = modulesOf(targets).map((name) => `ExecStart=/sbin/modprobe ${name}`)
  const others = [first, ...rest].slice(modules.length)
  return [
    HEAD,
    '[Unit]',
    'Description=LVS-TUN modules, devices and addresses (Tunboard)',
    `After=systemd-modules-load.service systemd-sysctl.service ${late ? 'network.target' : 'network-pre.target'}`,
    `Before=${late ? '' : 'network-online.target '}ipvsadm.service keepalived.service`,
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    ...modules,
    // udev gives a new device the sysctls of the distribution; ours come after that (LVS-TUN facts, 2.4)
    ...(modules.length > 0 ? ['ExecStart=-/bin/udevadm settle --timeout=5'] : []),
    ...others,
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n')
}

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`

const withoutBlock = (text: string): string[] => {
  const all = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
  const begin = all.indexOf(BEGIN)
  const end = all.indexOf(END, begin)
  return begin < 0 || end < 0 ? all : [...all.slice(0, begin), ...all.slice(end + 1)]
}

/** Puts our lines into a text of others between two marks, before a final `exit`; without lines the marks go too. */
function withBlock(
  text: string | undefined,
  ours: readonly string[],
  first: string,
): string | undefined {
  const rest = text === undefined ? (first === '' ? [] : [first]) : withoutBlock(text)
  if (ours.length === 0) {
    const empty = rest.every((line) => line === '' || line === first)
    if (text?.includes(BEGIN) !== true) return text
    return empty ? undefined : lines(...rest)
  }
  const exit = rest.findIndex((line) => /^exit\b/.test(line))
  const at = exit < 0 ? rest.length : exit
  return lines(...rest.slice(0, at), BEGIN, ...ours, END, ...rest.slice(at))
}

/**
 * Writes the files that bring modules, kernel parameters, devices and addresses back at boot, by path; `undefined` =
 * the file is to be absent. Files named tunboard are ours whole; others get a block between two marks.
 */
export function bootFiles(
  saved: Saved,
  { boot }: Places,
  targets: readonly Target[],
): Record<string, string | undefined> {
  const sysctls = ofKind(targets, 'sysctl').map(({ item, value }) => `${item.key} = ${value}`)
  const modules = modulesOf(targets)
  const none = targets.length === 0
  const sysctlText = sysctls.length === 0 ? undefined : lines(HEAD, ...sysctls)
  const common = { [SYSCTL_FILE]: sysctlText }
  if (boot === 'systemd')
    return {
      ...common,
      [MODULES_FILE]: modules.length === 0 ? undefined : lines(HEAD, ...modules),
      [UNIT_FILE]: none ? undefined : unitText(targets),
    }
  const modulesText = { [ETC_MODULES]: withBlock(textOf(saved, ETC_MODULES), modules, '') }
  const commands = bootCommands(targets)
  if (boot === 'local.d')
    return {
      ...common,
      ...modulesText,
      [LOCAL_D]: none ? undefined : lines('#!/bin/sh', HEAD, ...commands),
    }
  return {
    ...common,
    ...modulesText,
    [RC_LOCAL]: withBlock(textOf(saved, RC_LOCAL), commands, '#!/bin/sh'),
  }
}

// ExecStart=/sbin/ip address replace 172.25.254.100/32 dev tunl0
const COMMAND = /^(?:ExecStart=-?(?:\/usr)?(?:\/s?bin\/)?)?(modprobe|ip|sysctl) (.+)$/

function targetOf(program: string, rest: string): Target | undefined {
  if (program === 'modprobe') return { item: { kind: 'module', name: rest }, value: 'loaded' }
  const [, link, state] = /^link set dev (\S+) (up|down)$/.exec(rest) ?? []
  if (link !== undefined && state !== undefined)
    return { item: { kind: 'link', device: link }, value: state }
  const [, address, prefix, device] =
    /^address replace ([^/\s]+)(\/\d+) dev (\S+)$/.exec(rest) ?? []
  if (address === undefined || prefix === undefined || device === undefined) return undefined
  return { item: { kind: 'address', address, device }, value: prefix }
}

/** A boot runs /etc/rc.local only where it is executable; one that we make is. */
export const isRcLocalRun = ({ files }: Saved): boolean => {
  const file = files[RC_LOCAL]
  return file?.kind === 'text' && file.executable === true
}

/** What our unit, script or block holds, where it is started at boot. */
function startedText(saved: Saved, { boot }: Places): string {
  if (boot === 'systemd') return (isEnabled(saved, UNIT) && textOf(saved, UNIT_FILE)) || ''
  if (boot === 'local.d') return (isEnabled(saved, 'local') && textOf(saved, LOCAL_D)) || ''
  const text = (isRcLocalRun(saved) && textOf(saved, RC_LOCAL)) || ''
  const begin = text.indexOf(`${BEGIN}\n`)
  return begin < 0 ? '' : text.slice(begin, text.indexOf(END, begin))
}

const listedModules = (text: string | undefined): string[] =>
  (text ?? '').split('\n').filter((line) => /^[a-z0-9_]+$/i.test(line))

/** Reads which modules, devices and addresses our own boot unit or block would bring back, by formatItem. */
export function readBootItems(saved: Saved, places: Places): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of startedText(saved, places).split('\n')) {
    const [, program = '', rest = ''] = COMMAND.exec(line) ?? []
    const target = targetOf(program, rest)
    if (target !== undefined) found.set(formatItem(target.item), target.value)
  }
  for (const path of [MODULES_FILE, ETC_MODULES])
    for (const name of listedModules(textOf(saved, path))) found.set(`module ${name}`, 'loaded')
  return found
}
