import { glob, putText, textAt } from './disk'
import { execute } from './programs'
import type { KernelState, Output } from './state'
import { unitFile } from './units'

type Environment = Record<string, string>

/** Lines of a unit with its drop-ins: an empty assignment forgets those before it. */
function valuesOf(state: KernelState, unit: string, key: string): string[] {
  const files = [
    unitFile(state, unit) ?? '',
    ...glob(state, `/etc/systemd/system/${unit}.d/*.conf`),
  ]
  let values: string[] = []
  for (const line of files.flatMap((path) => (textAt(state, path) ?? '').split('\n'))) {
    if (!line.startsWith(`${key}=`)) continue
    const value = line.slice(key.length + 1).trim()
    values = value === '' ? [] : [...values, value]
  }
  return values
}

function environmentOf(state: KernelState, unit: string): Environment {
  const environment: Environment = {}
  for (const file of valuesOf(state, unit, 'EnvironmentFile'))
    for (const line of (textAt(state, file.replace(/^-/, '')) ?? '').split('\n')) {
      const [, key, value] = /^([A-Z_]+)="?([^"]*)"?\s*$/.exec(line) ?? []
      if (key !== undefined && value !== undefined) environment[key] = value
    }
  return environment
}

/** ipvsadm-restore(8): flushes first, drops comments. */
function restore(state: KernelState, text: string): Output {
  const stdin = text.replace(/^#.*$/gm, '')
  execute({ state, root: true, stdin: '' }, ['ipvsadm', '-C'])
  return execute({ state, root: true, stdin }, ['ipvsadm', '-R'])
}

const DONE: Output = { exit: 0, stdout: '', stderr: '' }
const FAILED: Output = { exit: 1, stdout: '', stderr: '' }

// /bin/bash -c "exec /sbin/ipvsadm-restore < /etc/sysconfig/ipvsadm"
const REDIRECTED = /-c "exec \S*ipvsadm-(restore|save)(?: -n)? ([<>]) (\S+)"$/

function redirected(state: KernelState, verb: string, path: string): Output {
  if (verb === 'restore') {
    const text = textAt(state, path)
    return text === undefined ? FAILED : restore(state, text)
  }
  const saved = execute({ state, root: true, stdin: '' }, ['ipvsadm', '-S', '-n'])
  putText(state, path, saved.stdout)
  return saved
}

/** /usr/libexec/ipvsadm/ipvsadm-load and its neighbours of Debian 13. */
function debianHelper(state: KernelState, name: string, environment: Environment): Output {
  const rules = textAt(state, '/etc/ipvsadm.rules') ?? ''
  if (environment.AUTO !== 'true') return DONE
  if (name === 'ipvsadm-load') return restore(state, rules)
  if (name !== 'ipvsadm-flush') return DONE
  return execute({ state, root: true, stdin: '' }, ['ipvsadm', '-C'])
}

function runLine(state: KernelState, line: string, environment: Environment): Output {
  const filled = line.replace(/\$([A-Z_]+)/g, (_, key: string) => environment[key] ?? '')
  const [, verb = '', , path = ''] = REDIRECTED.exec(filled) ?? []
  if (path !== '') return redirected(state, verb, path)
  const helper = /^\/usr\/libexec\/ipvsadm\/(\S+)$/.exec(filled)?.[1]
  if (helper !== undefined) return debianHelper(state, helper, environment)
  return execute({ state, root: true, stdin: '' }, filled.split(/\s+/))
}

/**
 * Runs the lines of a oneshot unit one after the other, those that come before and after them too; a line that fails ends
 * it, unless it begins with `-`. Tells whether it went through.
 */
export function runUnit(state: KernelState, unit: string, verb: 'ExecStart' | 'ExecStop'): boolean {
  const keys = verb === 'ExecStart' ? ['ExecStartPre', verb] : [verb, 'ExecStopPost']
  const environment = environmentOf(state, unit)
  for (const line of keys.flatMap((key) => valuesOf(state, unit, key))) {
    const { exit } = runLine(state, line.replace(/^-/, ''), environment)
    if (exit !== 0 && !line.startsWith('-')) return false
  }
  return true
}
