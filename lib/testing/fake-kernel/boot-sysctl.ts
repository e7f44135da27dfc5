import { posix } from 'node:path'
import { glob, textAt } from './disk'
import type { KernelState } from './state'

type Setting = { pattern: RegExp; isGlob: boolean; value: string | undefined }

const FOLDERS = [
  '/etc/sysctl.d',
  '/run/sysctl.d',
  '/usr/local/lib/sysctl.d',
  '/usr/lib/sysctl.d',
  '/lib/sysctl.d',
]

/** net.ipv4.conf.eth0/7.arp_ignore → net/ipv4/conf/eth0.7/arp_ignore */
function keyPath(key: string): string {
  const first = key.split('').find((letter) => letter === '.' || letter === '/')
  if (first === '/') return key
  return [...key].map((letter) => ({ '.': '/', '/': '.' })[letter] ?? letter).join('')
}

function settingsIn(text: string): Setting[] {
  return text.split('\n').flatMap((line) => {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) return []
    const equals = trimmed.indexOf('=')
    const name = (equals < 0 ? trimmed : trimmed.slice(0, equals)).trim()
    // "-key" without a value takes the key out of every pattern
    if (equals < 0 && !name.startsWith('-')) return []
    const path = keyPath(name.replace(/^-\s*/, ''))
    const escaped = path.replace(/[.+^$()|{}\\]/g, '\\$&').replace(/\*/g, '[^/]*')
    return [
      {
        pattern: new RegExp(`^${escaped}$`),
        isGlob: path.includes('*'),
        value: equals < 0 ? undefined : trimmed.slice(equals + 1).trim(),
      },
    ]
  })
}

const textsOf = (state: KernelState, paths: readonly string[]) =>
  paths.map((path) => textAt(state, path) ?? '')

/** Files by name, one of each name, that of the first folder (sysctl.d(5)). */
function dropIns(state: KernelState): string[] {
  const byName = new Map<string, string>()
  for (const path of FOLDERS.flatMap((folder) => glob(state, `${folder}/*.conf`)))
    if (!byName.has(posix.basename(path))) byName.set(posix.basename(path), path)
  return [...byName.keys()].sort().map((name) => byName.get(name) ?? '')
}

/** What a boot under systemd gives each key: a key by its name beats a pattern, whatever the order. */
export function systemdSysctl(state: KernelState, only = ''): void {
  const settings = textsOf(state, dropIns(state)).flatMap(settingsIn)
  for (const key of Object.keys(state.sysctls).filter((each) => each.startsWith(only))) {
    const fitting = settings.filter(({ pattern }) => pattern.test(key))
    const named = fitting.findLast(({ isGlob }) => !isGlob)
    const value = (named ?? fitting.at(-1))?.value
    if (value !== undefined) state.sysctls[key] = value
  }
}

/** sysctl -p FILE: one line after the other; the names of keys that are not there. */
export function applySysctlText(state: KernelState, text: string): string[] {
  const missing: string[] = []
  for (const { pattern, isGlob, value } of settingsIn(text)) {
    const keys = Object.keys(state.sysctls).filter((key) => pattern.test(key))
    if (keys.length === 0 && !isGlob) missing.push(pattern.source.slice(1, -1))
    if (value !== undefined) for (const key of keys) state.sysctls[key] = value
  }
  return missing
}

/** What a boot without systemd does: file after file, /etc/sysctl.conf at last. */
export function plainSysctl(state: KernelState, paths: 'etc' | 'all'): void {
  const files = paths === 'all' ? dropIns(state) : glob(state, '/etc/sysctl.d/*.conf')
  for (const text of textsOf(state, [...files, '/etc/sysctl.conf'])) applySysctlText(state, text)
}
