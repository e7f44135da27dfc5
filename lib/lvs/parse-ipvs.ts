import { Unreadable } from '@/lib/errors'
import { unreadableLine } from './parse-lines'
import { parseRules, type RuleEntry, type RuleService } from './parse-rules'
import {
  parseProcTable,
  type Table,
  type TableEntry,
  type TableService,
  type TableServiceKey,
} from './parse-table'
import { parseThresholds } from './parse-thresholds'
import type { RunningRealServer, RunningService } from './running'
import { formatRealServerKey, formatServiceKey, type ServiceKey } from './service'

/** Names a service as the kernel's own table can: a firewall mark without its family. */
export function formatTableKey(key: TableServiceKey | ServiceKey): string {
  return key.kind === 'fwmark' ? `fwmark ${key.mark}` : formatServiceKey(key)
}

/** The table changed between two reads of one exchange, or one of the two is damaged: read again. */
function changed(what: string, line: string): Unreadable {
  return new Unreadable('unreadable.changed', { what, line })
}

const entryNames = (entries: readonly { key: TableEntry['key'] }[]) =>
  entries
    .map((entry) => formatRealServerKey(entry.key))
    .sort()
    .join(' ')

function agree(rule: RuleEntry, row: TableEntry): boolean {
  const method = row.method === 'local' || row.method === rule.config.forwarding.method
  return method && row.weight === rule.config.weight
}

/** Finds the row of a rule; of two rows of one mark (IPv4 and IPv6) that with the same real servers. */
function rowOf(rule: RuleService, rows: readonly TableService[]): TableService | undefined {
  const [only, other] = rows
  if (other === undefined) return only
  return rows.find((row) => entryNames(row.entries) === entryNames(rule.entries))
}

type Limit = { upper: number; lower: number }
/** By formatServiceKey, then by formatRealServerKey. */
type Limits = ReadonlyMap<string, ReadonlyMap<string, Limit>>

function joinEntry(
  rule: RuleEntry,
  row: TableEntry | undefined,
  limit: Limit | undefined,
  name: string,
) {
  if (row === undefined || !agree(rule, row)) throw changed('rules', name)
  if (limit === undefined) throw changed('thresholds', name)
  const config = { ...rule.config, upperThreshold: limit.upper, lowerThreshold: limit.lower }
  const { active, inactive } = row
  return { key: rule.key, config, active, inactive } satisfies RunningRealServer
}

function joinService(rule: RuleService, row: TableService | undefined, limits: Limits) {
  const name = formatServiceKey(rule.key)
  if (row === undefined || row.scheduler !== rule.config.scheduler) throw changed('rules', name)
  const rows = new Map(row.entries.map((entry) => [formatRealServerKey(entry.key), entry]))
  const realServers = rule.entries.map((entry) => {
    const entryName = formatRealServerKey(entry.key)
    const limit = limits.get(name)?.get(entryName)
    return joinEntry(entry, rows.get(entryName), limit, `${name} ${entryName}`)
  })
  return { key: rule.key, config: rule.config, realServers } satisfies RunningService
}

function limitsOf(text: string): Limits {
  return new Map(
    parseThresholds(text).services.map(({ key, entries }) => [
      formatServiceKey(key),
      new Map(entries.map((entry) => [formatRealServerKey(entry.key), entry])),
    ]),
  )
}

/** Refuses a table with a row that the rules lack, unless the rules have lines that we could not read. */
function checkComplete(services: readonly RunningService[], table: Table): void {
  const known = new Map<string, Set<string>>() // two services of one mark (IPv4 and IPv6) share a name
  for (const { key, realServers } of services) {
    const name = formatTableKey(key)
    const names = known.get(name) ?? new Set()
    for (const entry of realServers) names.add(formatRealServerKey(entry.key))
    known.set(name, names)
  }
  for (const row of table.services) {
    const name = formatTableKey(row.key)
    const names = known.get(name)
    if (names === undefined) throw changed('table', name)
    const extra = row.entries.find((entry) => !names.has(formatRealServerKey(entry.key)))
    if (extra !== undefined) throw changed('table', `${name} ${formatRealServerKey(extra.key)}`)
  }
}

/**
 * Joins what three reads of one exchange tell of IPVS: configuration from `ipvsadm -Sn`, thresholds (which -S never
 * prints, LVS-TUN 1.5) and counts from /proc/net/ip_vs. The kernel's table is the cross-check of ipvsadm's text:
 * Throws Unreadable `unreadable.changed` (values `what`, `line`) where they contradict each other.
 */
export function parseIpvs(sections: { table: string; rules: string; thresholds: string }): {
  services: RunningService[]
  unreadable: string[]
} {
  const table = parseProcTable(sections.table)
  const rules = parseRules(sections.rules)
  const limits = limitsOf(sections.thresholds)
  const rows = new Map<string, TableService[]>()
  for (const row of table.services) {
    const name = formatTableKey(row.key)
    rows.set(name, [...(rows.get(name) ?? []), row])
  }
  const services = rules.services.map((rule) =>
    joinService(rule, rowOf(rule, rows.get(formatTableKey(rule.key)) ?? []), limits),
  )
  if (rules.unreadable.length === 0) {
    checkComplete(services, table)
    const [line] = table.unreadable
    if (line !== undefined) throw unreadableLine('table', line)
  }
  return { services, unreadable: rules.unreadable }
}
