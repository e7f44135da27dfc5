import { findService, itemValue } from './item-value'
import type { Step } from './plan'
import type { Running } from './running'

// Runs of adds that do not depend on each other go to a director as the lines of ONE `ipvsadm -R` on standard input: a
// process for each of 5,000 entries takes a minute, one for all a second. `-R` goes on after a line that the kernel
// refuses and exits 0 (LVS-TUN facts, 1.5), so a step's outcome is what reading back shows, and nothing else goes into
// the exchange: services are read back before their entries are sent, adds before any delete.

/** From so many adds on one process pays for more than the exchange that it costs. */
const FEWEST = 8
/** More lines than this are another exchange: a host that hangs is noticed, and the journal knows how far it came. */
const MOST = 10_000
/**
 * Allows each line about three times as long as a slow host needs: a real kernel as a process (user-mode-linux, in our lab)
 * takes 4–5 s for 5,000. Larger would end a host that is only slow; smaller would wait longer for one that hangs.
 */
const LINES_PER_SECOND = 300
const LEAST_SECONDS = 8

const isAdd = ({ kind, change, mayFail }: Step): boolean =>
  change === 'add' && (kind === 'service' || kind === 'entry') && !mayFail

/** Tells whether the steps of a batch are sent as one `ipvsadm -R`. */
export function isBulk(steps: readonly Step[]): boolean {
  const [first] = steps
  return steps.length >= FEWEST && steps.every((step) => isAdd(step) && step.kind === first?.kind)
}

/** Cuts a host's steps of one stage where a run of adds is to be an exchange of its own; in their order. */
export function splitBulk(steps: readonly Step[]): Step[][] {
  const runs: Step[][] = []
  for (const step of steps) {
    const run = runs.at(-1)
    const [first] = run ?? []
    const same = first !== undefined && isAdd(step) === isAdd(first)
    if (run !== undefined && same && (!isAdd(step) || step.kind === first.kind)) run.push(step)
    else runs.push([step])
  }
  return joinSmall(runs.flatMap(chunksOf))
}

const chunksOf = (run: Step[]): Step[][] =>
  isBulk(run) ? cut(run, Math.ceil(run.length / Math.ceil(run.length / MOST))) : [run]

const cut = (run: readonly Step[], size: number): Step[][] =>
  Array.from({ length: Math.ceil(run.length / size) }, (_, at) =>
    run.slice(at * size, (at + 1) * size),
  )

/** What is no run of its own stays one exchange with what stands beside it. */
function joinSmall(runs: readonly Step[][]): Step[][] {
  const joined: Step[][] = []
  for (const run of runs) {
    const last = joined.at(-1)
    if (last === undefined || isBulk(last) || isBulk(run)) joined.push([...run])
    else last.push(...run)
  }
  return joined
}

/** Writes the one command for a run: the steps' own words, a line each; its time limit in seconds grows with them. */
export function bulkCommand(steps: readonly Step[]) {
  const lines = steps.map(({ argv }) => argv.slice(1).join(' '))
  return {
    argv: ['ipvsadm', '-R'],
    stdin: `${lines.join('\n')}\n`,
    timeoutSeconds: LEAST_SECONDS + Math.ceil(lines.length / LINES_PER_SECOND),
  } as const
}

/**
 * Tells whether reading back shows a line's work. A service of ours has just been made, so nothing is in it: one that
 * holds entries was somebody's before our line was refused, and its entries must not get ours beside them.
 */
export function isAsAdded({ item, after }: Step, running: Running): boolean {
  if (item === undefined || itemValue(running, item) !== after) return false
  return item.kind !== 'service' || findService(running, item.service)?.realServers.length === 0
}
