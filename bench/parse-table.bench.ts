import { LARGE, largeWorld } from '@/lib/lvs/large-world'
import { parseStats } from '@/lib/lvs/parse-stats'
import { parseProcTable } from '@/lib/lvs/parse-table'
import type { Bench } from './figure'
import { printStats, printTable } from './large-table'

const ROUNDS = 20
/** The compiler has made its best of the code by then; the first rounds are several times slower. */
const WARM_UP = 5
/** What the issue asks: reading what a line says may cost half of what finding its words does. */
const GOAL = 1.5

/**
 * The peer: `text.split('\n')`, then `line.split(/\s+/)` of every line. It counts the words and lets them go; ours
 * keeps what it read.
 */
function splitOnly(text: string): number {
  let words = 0
  for (const line of text.split('\n')) words += line.split(/\s+/).length
  return words
}

function timed(work: () => unknown): number {
  const begin = performance.now()
  work()
  return performance.now() - begin
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0

/** Times parser and peer in turns, so that a slow moment of the machine meets both. */
function compare(what: string, text: string, parse: (text: string) => unknown) {
  const [ours, peer]: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
    const times = [timed(() => parse(text)), timed(() => splitOnly(text))] as const
    if (round < WARM_UP) continue
    ours.push(times[0])
    peer.push(times[1])
  }
  const ratio = median(ours) / median(peer)
  return { what, kb: Math.round(text.length / 1024), ours: median(ours), peer: median(peer), ratio }
}

function tableOf(seed: number) {
  const { hosts } = largeWorld(seed)
  const table = hosts.find(({ host }) => host.id === 'director')?.running?.ipvs
  if (table?.state !== 'present') throw new Error('the large world has a director with a table')
  return table.services
}

/** A parser that skips rows is fast: every row must have been read. */
function checkRead(table: { services: { entries: unknown[] }[]; unreadable: string[] }): void {
  const entries = table.services.reduce((sum, service) => sum + service.entries.length, 0)
  const whole = table.services.length === LARGE.services && entries >= LARGE.entries - 20
  if (!whole || table.unreadable.length > 0) throw new Error(`only ${entries} entries were read`)
}

export const figure: Bench = {
  name: 'parse-table',
  about: `parsing ${LARGE.services} services with ${LARGE.entries} entries, against splitting the same text into words`,
  async run({ seed }) {
    const services = tableOf(seed)
    const [proc, stats] = [printTable(services).table, printStats(services)]
    checkRead(parseProcTable(proc))
    checkRead(parseStats(stats))
    const results = [
      compare('/proc/net/ip_vs', proc, parseProcTable),
      compare('ipvsadm -Ln --stats --exact', stats, parseStats),
    ]
    const worst = results.reduce((a, b) => (b.ratio > a.ratio ? b : a))
    const round = (value: number) => Number(value.toFixed(2))
    return {
      rows: results.map(({ what, kb, ours, peer, ratio }) => ({
        ...{ what, kB: kb, 'parse ms': round(ours), 'split ms': round(peer), ratio: round(ratio) },
      })),
      result: {
        ...{ ours: round(worst.ours), peer: round(worst.peer), unit: 'ms' },
        ...{ ratio: round(worst.ratio), goal: GOAL, pass: worst.ratio <= GOAL },
      },
    }
  },
}
