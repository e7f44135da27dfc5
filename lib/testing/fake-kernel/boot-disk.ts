import { posix } from 'node:path'
import { plainSysctl, systemdSysctl } from './boot-sysctl'
import { glob, isExecutable, textAt } from './disk'
import { loadModule } from './modules'
import { execute } from './programs'
import type { KernelState } from './state'
import { runUnit } from './unit-run'
import { unitFile, wantedUnits } from './units'

const isComment = (line: string) => line === '' || line.startsWith('#') || line.startsWith(';')

const linesAt = (state: KernelState, path: string): string[] =>
  (textAt(state, path) ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !isComment(line))

function loadModules(state: KernelState, files: readonly string[]): void {
  for (const line of files.flatMap((path) => linesAt(state, path)))
    loadModule(state, line.split(/\s+/)[0] ?? '')
}

const MODULE_FOLDERS = ['/etc/modules-load.d', '/run/modules-load.d', '/usr/lib/modules-load.d']
const moduleFiles = (state: KernelState) =>
  MODULE_FOLDERS.flatMap((folder) => glob(state, `${folder}/*.conf`))

/** Runs a script of simple commands, as rc.local is one; a command that fails stops nothing. */
function runScript(state: KernelState, path: string): void {
  if (!isExecutable(state, path)) return
  for (const line of linesAt(state, path)) {
    if (/^exit\b/.test(line)) return
    execute({ state, root: true, stdin: '' }, line.split(/\s+/))
  }
}

/** Flushes, then reads the lines of a rules file, comments dropped; what a line does to the rest, ipvsadm -R says. */
function restore(state: KernelState, text: string): void {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'))
  execute({ state, root: true, stdin: '' }, ['ipvsadm', '-C'])
  execute({ state, root: true, stdin: lines.join('\n') }, ['ipvsadm', '-R'])
}

/** Debian's init script and its unit ask AUTO in /etc/default/ipvsadm. */
function debianRules(state: KernelState): void {
  const auto = linesAt(state, '/etc/default/ipvsadm').findLast((line) => line.startsWith('AUTO='))
  const isOn = /^AUTO=(["']?)true\1$/.test(auto ?? '')
  if (isOn) restore(state, textAt(state, '/etc/ipvsadm.rules') ?? '')
}

const listed = (text: string, key: string): string[] =>
  [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].flatMap(([, value = '']) =>
    value.split(' '),
  )

/** Orders units by their Before and After. */
function inOrder(state: KernelState, units: readonly string[]): string[] {
  const textOf = (unit: string) => textAt(state, unitFile(state, unit) ?? '') ?? ''
  const precedes = (a: string, b: string) =>
    listed(textOf(a), 'Before').includes(b) || listed(textOf(b), 'After').includes(a)
  const ordered: string[] = []
  for (const unit of units) {
    const at = ordered.findIndex((other) => precedes(unit, other))
    ordered.splice(at < 0 ? ordered.length : at, 0, unit)
  }
  return ordered
}

/** udev gives each network device its sysctls again when it appears; at the latest then ours were undone. */
function settleDevices(state: KernelState): void {
  for (const { name } of state.devices) systemdSysctl(state, `net/ipv4/conf/${name}/`)
}

function bootSystemd(state: KernelState): string[] {
  loadModules(state, moduleFiles(state))
  systemdSysctl(state)
  const sysv = glob(state, '/etc/rc2.d/S*ipvsadm').length > 0
  const units = [...new Set([...wantedUnits(state), ...(sysv ? ['ipvsadm.service'] : [])])]
  const started = inOrder(state, units).filter((unit) => {
    if (unitFile(state, unit) !== undefined) return runUnit(state, unit, 'ExecStart')
    if (unit === 'ipvsadm.service') debianRules(state)
    return false
  })
  runScript(state, '/etc/rc.local')
  settleDevices(state)
  return started
}

/** The lab's quick boot: no init system. */
function bootQuick(state: KernelState): void {
  loadModules(state, [
    '/etc/modules',
    ...moduleFiles(state).filter((path) => path.startsWith('/etc/')),
  ])
  plainSysctl(state, 'etc')
  runScript(state, '/etc/rc.local')
  debianRules(state)
}

function bootOpenrc(state: KernelState): void {
  loadModules(state, ['/etc/modules', ...moduleFiles(state)])
  plainSysctl(state, 'all')
  const runs = (name: string) => glob(state, `/etc/runlevels/*/${name}`).length > 0
  const rules = textAt(state, '/var/lib/ipvsadm/rules-save')
  if (runs('local')) for (const path of glob(state, '/etc/local.d/*.start')) runScript(state, path)
  if (runs('ipvsadm') && rules !== undefined) restore(state, rules)
}

/** Does what a boot does with what is on the disk, in its order; gives the units that are active then. */
export function bootFromDisk(state: KernelState): string[] {
  const { folders } = state
  if (folders.includes('/run/systemd/system')) return bootSystemd(state)
  if (folders.includes('/run/openrc')) bootOpenrc(state)
  else bootQuick(state)
  return []
}

/** Stops what is active, as an orderly shutdown does: RHEL's unit writes the table over its file then. */
export function shutDown(state: KernelState): void {
  for (const unit of state.started) runUnit(state, posix.basename(unit), 'ExecStop')
}
