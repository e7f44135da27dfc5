import { glob, isExecutable, isReadable, linkAt, resolve, textAt } from './disk'
import { exists, readFile } from './proc'
import { execute } from './programs'
import type { KernelState } from './state'

/** The paths that the saved read asks for; a list of its own, or the fake would hide a path that was forgotten. */
export const READ_WHOLE = [
  '/etc/default/ipvsadm',
  '/etc/ipvsadm.rules',
  '/etc/sysconfig/ipvsadm',
  '/var/lib/ipvsadm/rules-save',
  '/etc/modules',
  '/etc/modules-load.d/tunboard.conf',
  '/etc/sysctl.d/99-zz-tunboard.conf',
  '/etc/systemd/system/tunboard.service',
  '/etc/systemd/system/ipvsadm.service.d/tunboard.conf',
  '/etc/rc.local',
  '/etc/local.d/tunboard.start',
]
export const LOOKED_FOR = [
  '/lib/systemd/system/ipvsadm.service',
  '/usr/lib/systemd/system/ipvsadm.service',
  '/etc/init.d/ipvsadm',
  '/etc/systemd/system/*.wants/ipvsadm.service',
  '/etc/systemd/system/*.wants/tunboard.service',
  '/etc/rc[2-5].d/S*ipvsadm',
  '/etc/runlevels/*/ipvsadm',
  '/etc/runlevels/*/local',
  ...READ_WHOLE.map((path) => `${path}.tunboard-bak`),
]
const MASK = '/etc/systemd/system/ipvsadm.service'
const SYSCTL = [
  '/etc/sysctl.d/*.conf',
  '/run/sysctl.d/*.conf',
  '/usr/local/lib/sysctl.d/*.conf',
  '/usr/lib/sysctl.d/*.conf',
]

/** One part of what a read prints: its name, standard output, standard error, exit. */
export type ReadPart = [name: string, out: string, err: string, exit: number]

type Who = { root: boolean; sudo: readonly string[] }

function initOf({ folders }: KernelState): string {
  if (folders.includes('/run/systemd/system')) return 'systemd'
  return folders.includes('/run/openrc') ? 'openrc' : 'other'
}

const denial = (path: string) => `head: cannot open '${path}' for reading: Permission denied\n`

/** Prints the texts of files, the boot id after each; what head says of those that it may not read. */
function texts(
  state: KernelState,
  name: string,
  paths: readonly string[],
  denied: boolean,
): ReadPart[] {
  if (paths.length === 0) return []
  const err = denied ? paths.map(denial).join('') : ''
  const boot = readFile(state, '/proc/sys/kernel/random/boot_id') ?? ''
  const printed = paths.map((path) => (denied ? '' : textAt(state, path)) + boot).join('')
  return [[`texts-${name}`, printed, err, denied ? 1 : 0]]
}

function timeouts(state: KernelState, { root, sudo }: Who): ReadPart[] {
  if (!exists(state, '/proc/net/ip_vs') || !state.tools.includes('ipvsadm')) return []
  const argv = [...sudo, 'ipvsadm', '-L', '--timeout']
  const { stdout, stderr, exit } = execute({ state, root, stdin: '' }, argv)
  return [['timeouts', stdout, stderr, exit]]
}

function present(state: KernelState): string[] {
  const patterns = LOOKED_FOR.flatMap((pattern) =>
    pattern.includes('[2-5]')
      ? [2, 3, 4, 5].map((n) => pattern.replace('[2-5]', `${n}`))
      : [pattern],
  )
  return patterns.flatMap((pattern) => glob(state, pattern)).map((path) => `present ${path}`)
}

const isFile = (state: KernelState, path: string) => textAt(state, path) !== undefined

function sysctlPaths(state: KernelState): string[] {
  const merged = resolve(state, '/lib') === '/usr/lib'
  const patterns = merged ? SYSCTL : [...SYSCTL, '/lib/sysctl.d/*.conf']
  const main = isFile(state, '/etc/sysctl.conf') ? ['/etc/sysctl.conf'] : []
  return [...patterns.flatMap((pattern) => glob(state, pattern)), ...main]
}

type Found = { lines: string[]; plain: string[]; rest: string[]; mayHead: boolean }

const isWhole = (path: string) => READ_WHOLE.includes(path)

function look(state: KernelState, { root, sudo }: Who): Found {
  const links = READ_WHOLE.filter((path) => linkAt(state, path) !== undefined)
  const sysctl = sysctlPaths(state)
  const regular = [
    ...READ_WHOLE.filter((path) => !links.includes(path) && isFile(state, path)),
    ...sysctl.filter((path) => isFile(state, path)),
    ...['/etc/os-release', '/usr/lib/os-release'].filter((path) => isFile(state, path)).slice(0, 1),
  ]
  const plain = regular.filter((path) => root || isReadable(state, path))
  const lines = [
    `init ${initOf(state)}`,
    ...present(state),
    ...(linkAt(state, MASK) === '/dev/null' ? [`masked ${MASK}`] : []),
    ...links.map((path) => `link ${path} ${linkAt(state, path)}`),
    ...regular
      .filter((path) => isWhole(path) && isExecutable(state, path))
      .map((path) => `runs ${path}`),
    ...sysctl.filter((path) => !isFile(state, path)).map((path) => `masked ${path}`),
  ]
  const argv = [...sudo, 'true']
  const mayHead = sudo.length > 0 && execute({ state, root, stdin: '' }, argv).exit === 0
  return { lines, plain, rest: regular.filter((path) => !plain.includes(path)), mayHead }
}

const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')
const whoIs = (root: boolean, mayUseSudo: boolean): Who => ({
  root,
  sudo: root || !mayUseSudo ? [] : ['sudo', '-n'],
})

/** Prints what the saved read prints on this host, part by part; changes nothing. */
export function savedParts(state: KernelState, root: boolean, mayUseSudo: boolean): ReadPart[] {
  const who = whoIs(root, mayUseSudo)
  const { lines, plain, rest, mayHead } = look(state, who)
  const named = [...plain.map((path) => `plain ${path}`), ...rest.map((path) => `sudo ${path}`)]
  return [
    ...texts(state, 'plain', plain, false),
    ...texts(state, 'sudo', rest, !mayHead),
    ['places', text([...lines, ...named]), '', 0],
    ...timeouts(state, who),
  ]
}

/** Gives the same taken apart: what a test hands to the parser. */
export function savedSections(state: KernelState, root: boolean, mayUseSudo: boolean) {
  const who = whoIs(root, mayUseSudo)
  const { lines, plain, rest, mayHead } = look(state, who)
  const read = mayHead ? [...plain, ...rest] : plain
  const refused = mayHead ? [] : rest
  const [[, printed, , exit] = ['', '', '', 1]] = timeouts(state, who)
  return {
    places: text(lines),
    texts: Object.fromEntries(read.map((path) => [path, textAt(state, path) ?? ''])),
    refused: Object.fromEntries(refused.map((path) => [path, refused.map(denial).join('')])),
    timeouts: exit === 0 ? printed : '',
  }
}
