import { entryCommand, realServerOptions, serviceCommand, serviceOptions } from './commands'
import { joinOptions, splitOptions } from './item-value'
import { formatItem, type Item } from './ledger'
import { parseCount, wordsOf } from './parse-lines'
import { parseRuleLine } from './parse-rules'
import type { Timeouts } from './saved'
import { formatServiceKey, type RealServerKey, type ServiceKey } from './service'

/** A service or an entry: what one line of a rules file adds. */
export type RuleItem = Item & { kind: 'service' | 'entry' }

type Line = {
  raw: string
  /** What it adds, with its options as an item's value (item-value.ts). */
  rule?: { item: RuleItem; value: string }
  timeouts?: Timeouts
}

const LONGEST_TIMEOUT = 2678400 // 31 days (ip_vs.h, IP_VS_MAX_TIMEOUT)

// --set 900 120 300
function parseTimeouts(raw: string): Timeouts | undefined {
  const all = wordsOf(raw)
  const [command, ...values] = all[0] === 'ipvsadm' ? all.slice(1) : all
  if (command !== '--set' || values.length !== 3) return undefined
  const [tcp, tcpfin, udp] = values.map((each) => parseCount(each, LONGEST_TIMEOUT))
  if (tcp === undefined || tcpfin === undefined || udp === undefined) return undefined
  return { tcp, tcpfin, udp }
}

function parseLine(raw: string): Line {
  const rule = parseRuleLine(raw)
  if (rule?.kind === 'service') {
    const item = { kind: 'service', service: rule.key } as const
    return { raw, rule: { item, value: joinOptions(serviceOptions(rule.config)) } }
  }
  if (rule !== undefined) {
    const item = { kind: 'entry', service: rule.service, realServer: rule.key } as const
    return { raw, rule: { item, value: joinOptions(realServerOptions(rule.config)) } }
  }
  const timeouts = parseTimeouts(raw)
  return timeouts === undefined ? { raw } : { raw, timeouts }
}

const parseText = (text: string): Line[] =>
  (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n').map(parseLine)

/** What the words of ipvsadm -R may begin with (ipvsadm.c, 1.31); anything else ends the restore at once. */
const COMMANDS = new Set(
  '-A -E -D -a -e -d -C -Z -L -l -S --add-service --edit-service --delete-service --add-server --edit-server --delete-server --clear --zero --list --save --set --start-daemon --stop-daemon'.split(
    ' ',
  ),
)

/** Tells whether a loader gives the line to ipvsadm and ipvsadm ends there: what follows is lost (LVS-TUN facts, 1.5). */
function stops({ raw }: Line): boolean {
  if (raw.startsWith('#') || raw.trim() === '') return false
  const all = wordsOf(raw)
  const command = all[0] === 'ipvsadm' ? all[1] : all[0]
  return command === undefined || !COMMANDS.has(command)
}

/** What a rules file would bring back. */
export type SavedRules = {
  rules: readonly { item: RuleItem; value: string }[]
  timeouts?: Timeouts
  /** The first line at which the restore ends, from 1; nothing after it comes back. */
  stopsAt?: { line: number; text: string }
}

// -A -t 172.25.254.100:80 -s rr -p 300
// -a -t 172.25.254.100:80 -r 172.25.254.2:80 -i -w 1 -x 200 -y 150
/** Reads what a rules file brings back at boot: until the line that ends the restore, the first of two equal names. */
export function readRules(text: string | undefined): SavedRules {
  if (text === undefined || text === '') return { rules: [] }
  const all = parseText(text)
  const stop = all.findIndex(stops)
  const lines = stop < 0 ? all : all.slice(0, stop)
  const seen = new Set<string>()
  const rules = lines.flatMap(({ rule }) => {
    if (rule === undefined || seen.has(formatItem(rule.item))) return []
    const known = rule.item.kind === 'service' || seen.has(`service ${nameOf(rule.item)}`)
    if (!known) return [] // an entry before its service is refused
    seen.add(formatItem(rule.item))
    return [rule]
  })
  const timeouts = lines.findLast((line) => line.timeouts !== undefined)?.timeouts
  return {
    rules,
    ...(timeouts === undefined ? {} : { timeouts }),
    ...(stop < 0 ? {} : { stopsAt: { line: stop + 1, text: all[stop]?.raw ?? '' } }),
  }
}

const nameOf = (item: RuleItem): string => formatServiceKey(item.service)

/** Writes a rule as a line of the file: an ipvsadm command without its program's name. */
function lineOf(item: RuleItem, value: string): string {
  const options = splitOptions(value)
  const argv =
    item.kind === 'service'
      ? serviceCommand('-A', item.service, options)
      : entryCommand('-a', item.service, item.realServer, options)
  return argv.slice(1).join(' ')
}

/** What is to be in a rules file, and what is to go from it; every other line stays as it is. */
export type RulesChange = {
  put: readonly { item: RuleItem; value: string }[]
  drop: readonly RuleItem[]
  timeouts?: Timeouts
}

/** The place after the last line that a restore reaches. */
function endOf(lines: readonly Line[]): number {
  const stop = lines.findIndex(stops)
  return stop < 0 ? lines.length : stop
}

function putTimeouts(lines: Line[], timeouts: Timeouts): void {
  const { tcp, tcpfin, udp } = timeouts
  const made: Line = { raw: `--set ${tcp} ${tcpfin} ${udp}`, timeouts }
  const at = lines.findLastIndex((line) => line.timeouts !== undefined)
  const found = lines[at]?.timeouts
  if (found === undefined) lines.splice(endOf(lines), 0, made)
  else if (JSON.stringify(found) !== JSON.stringify(timeouts)) lines[at] = made
}

type Put = RulesChange['put'][number]

const made = ({ item, value }: Put): Line => ({ raw: lineOf(item, value), rule: { item, value } })

/** Gives lines that say something else of what is put their new text. */
function replaced(lines: readonly Line[], put: readonly Put[]): Line[] {
  const wanted = new Map(put.map((each) => [formatItem(each.item), each]))
  return lines.map((line) => {
    const want = line.rule && wanted.get(formatItem(line.rule.item))
    return want === undefined || want.value === line.rule?.value ? line : made(want)
  })
}

/** Adds what has no line yet: entries after the last line of their service, new services where the restore ends. */
function withMissing(lines: readonly Line[], put: readonly Put[]): Line[] {
  const known = new Set(lines.flatMap(({ rule }) => (rule ? [formatItem(rule.item)] : [])))
  const last = new Map<string, number>()
  for (const [at, { rule }] of lines.entries()) if (rule) last.set(nameOf(rule.item), at)
  const missing = put.filter(({ item }) => !known.has(formatItem(item)))
  const after = new Map<number, Line[]>()
  for (const kind of ['service', 'entry'])
    for (const each of missing.filter(({ item }) => item.kind === kind)) {
      const at = last.get(nameOf(each.item)) ?? endOf(lines) - 1
      after.set(at, [...(after.get(at) ?? []), made(each)])
    }
  return [
    ...(after.get(-1) ?? []),
    ...lines.flatMap((line, at) => [line, ...(after.get(at) ?? [])]),
  ]
}

/**
 * Merges rules into the text of a file by key: a line that says the same already stays as it is written, comments,
 * blank lines, lines of others and lines that nobody understands stay where they are. With a service go its entries.
 * Idempotent. An empty text is a file without a line.
 */
export function mergeRules(text: string | undefined, { put, drop, timeouts }: RulesChange): string {
  const gone = new Set(drop.map(formatItem))
  const isGone = ({ rule }: Line) =>
    rule !== undefined &&
    (gone.has(formatItem(rule.item)) || gone.has(`service ${nameOf(rule.item)}`))
  const lines = (text === undefined || text === '' ? [] : parseText(text)).filter(
    (line) => !isGone(line),
  )
  const merged = withMissing(replaced(lines, put), put)
  if (timeouts !== undefined) putTimeouts(merged, timeouts)
  return merged.length === 0 ? '' : `${merged.map(({ raw }) => raw).join('\n')}\n`
}

/** Makes the item of an entry. */
export const entryItem = (service: ServiceKey, realServer: RealServerKey): RuleItem => ({
  kind: 'entry',
  service,
  realServer,
})
