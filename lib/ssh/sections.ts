import { Unreadable } from '@/lib/errors'

/** What one part of the lean read printed, and how it ended. */
export type Part = {
  stdout: string
  stderr: string
  /** Standard output with its control characters. */
  raw: string
  exit: number
  cut: boolean
}

// 6f0f4f2c-8a44-4f8e-9d2f-0b6a5a1f7c11
const BOOT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\n/m

/**
 * Takes apart what one cat printed: /proc/modules, the boot id, the values of the sysctls, the boot id again, and
 * /proc/net/ip_vs. Nothing else in it looks like a boot id.
 */
function splitFiles(text: string) {
  const [boot = ''] = BOOT_ID.exec(text) ?? []
  const [modules = '', values = '', table = ''] = boot === '' ? [text] : text.split(boot)
  return { modules, boot, values, table: table === '' ? 'absent\n' : table }
}

/** Joins paths and values of the sysctls as `grep -H` would print them; an interface that went away shifts them all. */
function joinSysctls(keys: string, values: string, host: string): string {
  const [paths, found] = [keys.split('\n'), values.split('\n')]
  if (paths.length !== found.length) {
    throw new Unreadable('unreadable.changed', { host, what: 'sysctls', line: '' })
  }
  return paths.map((path, at) => (path === '' ? '' : `${path}:${found[at]}\n`)).join('')
}

/**
 * Puts the parts of the lean read together as the sections that parse-running.ts reads. Throws Unreadable
 * (with `host` and `what`): `unreadable.cut` when a part is missing or went over the cap, `unreadable.changed` when an
 * interface came or went meanwhile.
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
    sysctls: joinSysctls(part('keys').stdout, files.values, host),
    table: files.table,
    rules: readable ? rules.stdout : '',
    thresholds: readable ? part('thresholds').stdout : '',
    denied: refusal,
    owners: part('owners').stdout,
    tools: part('tools').stdout,
    privilege: part('privilege').stdout,
    undo: part('undo').stdout,
  }
}
