import { entryCommand, realServerOptions, serviceCommand, serviceOptions } from './commands'
import { joinOptions, splitOptions } from './item-value'
import { formatItem, type Item } from './ledger'
import { parseCount, wordsOf } from './parse-lines'
import { endsRestore, parseRuleLine } from './parse-rules'
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
  return command === undefined || !COMMANDS.has(command) || endsRestore(raw)
}

const CHANGES = /^\s*(?:ipvsadm\s+)?(?:-[AEDaed]|--(?:add|edit|delete)-(?:service|server))(?:\s|$)/
const isUnclear = ({ raw, rule }: Line): boolean => rule === undefined && CHANGES.test(raw)

const clears = ({ raw }: Line): boolean => /^\s*(?:ipvsadm\s+)?(?:-C|--clear)\s*$/.test(raw)

type Effective = { at: number; rule: NonNullable<Line['rule']> }

/** The lines whose rules are there after a restore: behind what clears, before what ends it, the first of equal names. */
function effectiveOf(lines: readonly Line[]): Effective[] {
  const end = endOf(lines)
  const start = lines.slice(0, end).findLastIndex(clears) + 1
  const seen = new Set<string>()
  return lines.slice(start, end).flatMap(({ rule }, place) => {
    if (rule === undefined || seen.has(formatItem(rule.item))) return []
    const known = rule.item.kind === 'service' || seen.has(`service ${nameOf(rule.item)}`)
    if (!known) return [] // an entry before its service is refused
    seen.add(formatItem(rule.item))
    return [{ at: start + place, rule }]
  })
}

/** What a rules file would bring back. */
export type SavedRules = {
  rules: readonly { item: RuleItem; value: string }[]
  timeouts?: Timeouts
  /** The first line at which the restore ends, from 1; nothing after it comes back. */
  stopsAt?: { line: number; text: string }
  /** The first line before that which may change any rule, and that we do not understand: names of ports, edits, deletions. */
  unclear?: { line: number; text: string }
}

// -A -t 172.25.254.100:80 -s rr -p 300
// -a -t 172.25.254.100:80 -r 172.25.254.2:80 -i -w 1 -x 200 -y 150
/** Reads what a rules file brings back at boot, and the line that ends the restore. */
export function readRules(text: string | undefined): SavedRules {
  if (text === undefined || text === '') return { rules: [] }
  const all = parseText(text)
  const end = endOf(all)
  const timeouts = all.slice(0, end).findLast((line) => line.timeouts !== undefined)?.timeouts
  const stop = all[end]
  const unclear = all.slice(0, end).findIndex(isUnclear)
  return {
    rules: effectiveOf(all).map(({ rule }) => rule),
    ...(timeouts === undefined ? {} : { timeouts }),
    ...(stop === undefined ? {} : { stopsAt: { line: end + 1, text: stop.raw } }),
    ...(unclear < 0 ? {} : { unclear: { line: unclear + 1, text: all[unclear]?.raw ?? '' } }),
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
  /** `none`: the line that sets them goes. */
  timeouts?: Timeouts | 'none'
}

/** The place after the last line that a restore reaches. */
function endOf(lines: readonly Line[]): number {
  const stop = lines.findIndex(stops)
  return stop < 0 ? lines.length : stop
}

function putTimeouts(lines: Line[], timeouts: Timeouts | 'none'): void {
  const at = lines.findLastIndex((line) => line.timeouts !== undefined)
  if (timeouts === 'none') {
    if (at >= 0) lines.splice(at, 1)
    return
  }
  const { tcp, tcpfin, udp } = timeouts
  const made: Line = { raw: `--set ${tcp} ${tcpfin} ${udp}`, timeouts }
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
  const effective = effectiveOf(lines)
  const rules = [...effective.map(({ rule }) => rule), ...put]
  const served = new Set(
    rules.filter(({ item }) => item.kind === 'service').map(({ item }) => nameOf(item)),
  )
  // an entry without its service has no effect wherever it stands: no second line of it
  const orphans = lines.filter(({ rule }) => rule !== undefined && !served.has(nameOf(rule.item)))
  const known = new Set(
    [...effective, ...orphans].flatMap(({ rule }) => (rule ? [formatItem(rule.item)] : [])),
  )
  const last = new Map(effective.map(({ rule, at }) => [nameOf(rule.item), at]))
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
 * Where no line changes the text stays to the byte. Idempotent. An empty text is a file without a line.
 */
export function mergeRules(text: string | undefined, { put, drop, timeouts }: RulesChange): string {
  const gone = new Set(drop.map(formatItem))
  const isGone = ({ rule }: Line) =>
    rule !== undefined &&
    (gone.has(formatItem(rule.item)) || gone.has(`service ${nameOf(rule.item)}`))
  const before = text === undefined || text === '' ? [] : parseText(text)
  const lines = before.filter((line) => !isGone(line))
  const merged = withMissing(replaced(lines, put), put)
  if (timeouts !== undefined) putTimeouts(merged, timeouts)
  const same = merged.length === before.length && merged.every((line, at) => line === before[at])
  if (text !== undefined && same) return text
  return merged.length === 0 ? '' : `${merged.map(({ raw }) => raw).join('\n')}\n`
}

/** Makes the item of an entry. */
export const entryItem = (service: ServiceKey, realServer: RealServerKey): RuleItem => ({
  kind: 'entry',
  service,
  realServer,
})
