import { Unreadable } from '@/lib/errors'

/** What one part of the lean read printed, and how it ended. */
export type Part = { stdout: string; stderr: string; exit: number; cut: boolean }

const PREFIXES = [
  ['boot', '/proc/sys/kernel/random/boot_id:'],
  ['modules', '/proc/modules:'],
  ['table', '/proc/net/ip_vs:'],
] as const

const CONF = '/proc/sys/net/ipv4/conf/'

// /proc/modules:ip_vs_rr 16384 3 - Live 0x0000000000000000
// /proc/sys/net/ipv4/conf/all/rp_filter:0
/** Sorts the lines of the one grep over all files by the file that each came from. */
function splitFiles(text: string): Record<'boot' | 'modules' | 'table' | 'sysctls', string> {
  const lines = {
    boot: [] as string[],
    modules: [] as string[],
    table: [] as string[],
    sysctls: [] as string[],
  }
  for (const line of text.split('\n')) {
    const [name, prefix] = PREFIXES.find(([, start]) => line.startsWith(start)) ?? []
    if (name !== undefined) lines[name].push(line.slice(prefix.length))
    else if (line.startsWith(CONF)) lines.sysctls.push(line)
  }
  const join = (all: string[]) => all.map((line) => `${line}\n`).join('')
  return {
    boot: join(lines.boot),
    modules: join(lines.modules),
    table: lines.table.length === 0 ? 'absent\n' : join(lines.table),
    sysctls: join(lines.sysctls),
  }
}

/**
 * Puts the parts of the lean read together as the sections that parse-running.ts reads. Throws Unreadable
 * (`unreadable.cut`, with `host` and `what`) when a part is missing or went over the cap.
 */
export function assembleSections(
  parts: ReadonlyMap<string, Part>,
  host: string,
): Record<string, string> {
  const part = (name: string): Part => {
    const found = parts.get(name)
    if (found === undefined || found.cut)
      throw new Unreadable('unreadable.cut', { host, what: name })
    return found
  }
  const files = splitFiles(part('files').stdout)
  const rules = parts.has('rules') ? part('rules') : undefined
  const readable = rules?.exit === 0
  const refusal = rules === undefined || readable ? '' : rules.stderr || `exit ${rules.exit}\n`
  return {
    boot: files.boot,
    modules: files.modules + part('missing').stdout,
    addresses: part('addresses').stdout,
    sysctls: files.sysctls,
    table: files.table,
    rules: readable ? rules.stdout : '',
    thresholds: readable ? part('thresholds').stdout : '',
    denied: refusal,
    owners: part('owners').stdout,
    tools: part('tools').stdout,
    privilege: part('privilege').stdout,
  }
}
