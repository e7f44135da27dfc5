import type { Saved } from './saved'

/** What a file says of a key at boot. */
export type BootSetting = { value: string; path: string }

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

const FOLDERS = [
  '/etc/sysctl.d/',
  '/run/sysctl.d/',
  '/usr/local/lib/sysctl.d/',
  '/usr/lib/sysctl.d/',
]

/** Orders files as a boot reads them: by name, one name only from the first of the folders that has it (sysctl.d(5)). */
function inBootOrder({ sysctlFiles, init }: Saved): Saved['sysctlFiles'] {
  const rank = (path: string) => {
    const at = FOLDERS.findIndex((folder) => path.startsWith(folder))
    return at < 0 ? FOLDERS.length : at
  }
  const chosen = new Map<string, Saved['sysctlFiles'][number]>()
  for (const file of [...sysctlFiles].sort((a, b) => rank(a.path) - rank(b.path)))
    if (file.path !== '/etc/sysctl.conf' && !chosen.has(baseOf(file.path)))
      chosen.set(baseOf(file.path), file)
  const sorted = [...chosen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file)
  // procps reads it last; systemd does not read it at all, but for a link 99-sysctl.conf to it (LVS-TUN facts, 2.4)
  const conf = sysctlFiles.filter(({ path }) => path === '/etc/sysctl.conf')
  return init === 'systemd' ? sorted : [...sorted, ...conf]
}

/** Keys are written with dots or slashes; the first separator says which (sysctl.d(5)). */
function pathOf(key: string): string {
  const first = /[./]/.exec(key)?.[0]
  return first === '/' ? key : key.replace(/[./]/g, (each) => (each === '.' ? '/' : '.'))
}

// net.ipv4.conf.all.rp_filter = 1        -net/ipv4/conf/*/rp_filter=2
function parseSetting(line: string): { glob: boolean; pattern: RegExp; value: string } | undefined {
  const [, key, value] = /^\s*-?\s*([^#;=\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
  if (key === undefined || value === undefined) return undefined
  const path = pathOf(key)
  const glob = /[*?[]/.test(path)
  const escaped = path
    .replace(/[.+^$()|{}\\]/g, '\\$&')
    .replaceAll('?', '[^/]')
    .replaceAll('*', '[^/]*')
  return { glob, pattern: new RegExp(`^${escaped}$`), value }
}

/**
 * Finds the file that decides a kernel parameter at boot and the value that it gives: files by name, the later wins, an
 * explicit key beats a pattern whatever the order (sysctl.d(5)). `undefined`: no file says anything.
 */
export function bootSysctl(saved: Saved, key: string): BootSetting | undefined {
  const found = decider(saved, key)
  return found === undefined ? undefined : { value: found.value, path: found.path }
}

/** Names the files that could decide a kernel parameter otherwise, and that nobody could read. */
export function unreadSysctl(saved: Saved, key: string): string[] {
  const order = inBootOrder(saved)
  const found = decider(saved, key)
  const from =
    found === undefined || found.glob ? 0 : order.findIndex(({ path }) => path === found.path)
  return order
    .slice(from)
    .flatMap(({ path, unreadable }) => (unreadable === undefined ? [] : [path]))
}

function decider(saved: Saved, key: string): (BootSetting & { glob: boolean }) | undefined {
  const wanted = pathOf(key)
  let found: (BootSetting & { glob: boolean }) | undefined
  for (const { path, lines } of inBootOrder(saved))
    for (const line of lines) {
      const setting = parseSetting(line)
      if (setting === undefined || !setting.pattern.test(wanted)) continue
      if (setting.glob && found?.glob === false) continue
      found = { value: setting.value, path, glob: setting.glob }
    }
  return found
}
