import { linesOf, unreadableLine } from './parse-lines'

const ROW = /^\/proc\/sys\/([^:]+):(.*)$/

/** Turns a path below /proc/sys into a key: dots inside a name (eth0.100) become `/`, as in sysctl(8). */
export function sysctlKeyOf(path: string): string {
  return path
    .split('/')
    .map((part) => part.replaceAll('.', '/'))
    .join('.')
}

// /proc/sys/net/ipv4/conf/all/rp_filter:0
/** Reads `grep -H . /proc/sys/…`: key to value, as text. Throws Unreadable (what `sysctls`). */
export function parseSysctls(text: string): Record<string, string> {
  const sysctls: Record<string, string> = {}
  for (const line of linesOf(text)) {
    const [, path, value] = ROW.exec(line) ?? []
    if (path === undefined || value === undefined || value.trim() === '')
      throw unreadableLine('sysctls', line)
    sysctls[sysctlKeyOf(path)] = value.trim()
  }
  return sysctls
}
