import { posix } from 'node:path'
import { glob, removePath, textAt } from './disk'
import { hindrance } from './put'
import { type Context, done, failed, type KernelState, type Output } from './state'

const UNIT_FOLDERS = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system']

/** Finds a unit's file by its name; an init script is none. */
export function unitFile(state: KernelState, unit: string): string | undefined {
  return UNIT_FOLDERS.map((folder) => `${folder}/${unit}`).find(
    (path) => textAt(state, path) !== undefined,
  )
}

/** Lists the units that something at boot wants. */
export function wantedUnits(state: KernelState): string[] {
  const links = glob(state, '/etc/systemd/system/*.wants/*.service')
  return [...new Set(links.map((path) => posix.basename(path)))]
}

const isRunning = ({ folders }: KernelState) => folders.includes('/run/systemd/system')
const isOpenrc = ({ folders }: KernelState) => folders.includes('/run/openrc')
const notThere = (program: string) => failed(127, `sh: 1: ${program}: not found`)

function enable(state: KernelState, unit: string): Output {
  const file = unitFile(state, unit)
  if (file === undefined) {
    const script = `/etc/init.d/${unit.replace(/\.service$/, '')}`
    if (textAt(state, script) === undefined)
      return failed(1, `Failed to enable unit: Unit file ${unit} does not exist.`)
    for (const level of [2, 3, 4, 5])
      state.links[`/etc/rc${level}.d/S01${posix.basename(script)}`] =
        `../init.d/${posix.basename(script)}`
    return done()
  }
  const target = /^WantedBy=(\S+)/m.exec(textAt(state, file) ?? '')?.[1]
  if (target === undefined) return done()
  const link = `/etc/systemd/system/${target}.wants/${unit}`
  if (state.links[link] !== undefined) return done()
  state.links[link] = file
  return { exit: 0, stdout: '', stderr: `Created symlink ${link} → ${file}.\n` }
}

// a link is taken away also when the unit's file is gone already (systemd 252 and 257)
function disable(state: KernelState, unit: string): Output {
  const links = glob(state, `/etc/systemd/system/*.wants/${unit}`)
  for (const link of links) removePath(state, link)
  if (links.length === 0 && unitFile(state, unit) === undefined)
    return failed(1, `Failed to disable unit: Unit file ${unit} does not exist.`)
  const stderr = links.map((link) => `Removed "${link}".\n`).join('')
  return { exit: 0, stdout: '', stderr }
}

/** systemctl enable|disable UNIT, systemctl daemon-reload */
export function systemctl({ state, root }: Context, argv: readonly string[]): Output {
  const [, verb = '', name = ''] = argv
  if (isOpenrc(state)) return notThere('systemctl')
  if (verb === 'daemon-reload') {
    if (isRunning(state)) return root ? done() : failed(1, 'Failed to reload daemon: Access denied')
    return failed(1, 'Failed to connect to bus: Host is down')
  }
  if (!['enable', 'disable'].includes(verb)) return failed(1, `Unknown command verb ${verb}.`)
  if (!root) return failed(1, `Failed to ${verb} unit: Access denied`)
  if (state.disk === 'read-only') return failed(1, `Failed to ${verb} unit: ${hindrance(state)}`)
  const unit = name.includes('.') ? name : `${name}.service`
  return verb === 'enable' ? enable(state, unit) : disable(state, unit)
}

/** rc-update add|del NAME RUNLEVEL (OpenRC; from its manual, not run by us) */
export function rcUpdate({ state, root }: Context, argv: readonly string[]): Output {
  const [, verb = '', name = '', level = 'default'] = argv
  if (!isOpenrc(state)) return notThere('rc-update')
  if (!root) return failed(1, ` * rc-update: permission denied`)
  if (state.disk === 'read-only') return failed(1, ` * rc-update: ${hindrance(state)}`)
  const link = `/etc/runlevels/${level}/${name}`
  const script = `/etc/init.d/${name}`
  if (verb === 'del') {
    if (removePath(state, link)) return done(` * service ${name} removed from runlevel ${level}\n`)
    return failed(1, ` * rc-update: service \`${name}' is not in the runlevel \`${level}'`)
  }
  if (name !== 'local' && textAt(state, script) === undefined)
    return failed(1, ` * rc-update: service \`${name}' does not exist`)
  state.links[link] = script
  return done(` * service ${name} added to runlevel ${level}\n`)
}
