import assert from 'node:assert/strict'
import type { Proof, Row } from './figure'
import { type Ended, interleave, startWorld, type World } from './races/interleave'
import type { Outcome } from './races/operator'
import { interleaveProcesses, type Processes, startProcesses } from './races/two-processes'

const GOAL = 1000
/** Of these the operators are processes of their own, which share nothing but the database file and the hosts. */
const IN_PROCESSES = 24
/** One in so many is run twice: the same seed must give the same interleaving, or no failure could be looked at. */
const REPLAYED = 25

const nameOf = (outcome: Outcome): string =>
  outcome.result === 'refused' ? `refused: ${outcome.reason}` : outcome.result

/** Without these no two ever met, and the run would prove nothing. */
const MUST_COME = [
  'won',
  'applied',
  'refused: desired-moved',
  'refused: plan-moved',
  'refused: locked',
]

type Tally = { rows: Map<string, number>; failures: Row[] }

function count({ rows }: Tally, { reports, applies }: Ended): void {
  const add = (name: string, more: number) => rows.set(name, (rows.get(name) ?? 0) + more)
  for (const outcome of reports.flatMap(({ outcomes }) => outcomes)) add(nameOf(outcome), 1)
  add('applies in the journal', applies)
}

async function runCase(tally: Tally, seed: number, run: () => Promise<Ended>): Promise<void> {
  try {
    count(tally, await run())
  } catch (error) {
    const what = error instanceof Error ? error.message.split('\n').slice(0, 8).join(' ') : error
    tally.failures.push({ outcome: 'FAILED', seed, what: String(what) })
  }
}

async function twice(world: World, seed: number): Promise<Ended> {
  const [one, other] = [await interleave(world, seed), await interleave(world, seed)]
  assert.deepEqual(other.trace, one.trace, 'the same seed gave another interleaving')
  return one
}

async function runAll(world: World, processes: Processes, seed: number): Promise<Tally> {
  const tally: Tally = { rows: new Map(), failures: [] }
  for (let at = 0; at < GOAL; at++) {
    const own = seed + at
    const run = () => {
      if (at < IN_PROCESSES) return interleaveProcesses(world, processes, own)
      return at % REPLAYED === 0 ? twice(world, own) : interleave(world, own)
    }
    await runCase(tally, own, run)
  }
  return tally
}

export const figure: Proof = {
  name: 'races',
  about:
    'two operators, interleaved step by step: one wins each version, no update is lost, nothing unapproved runs',
  async run({ seed }) {
    const world = await startWorld()
    const processes = startProcesses()
    try {
      const { rows, failures } = await runAll(world, processes, seed)
      const missing = MUST_COME.filter((name) => !rows.has(name))
      const outcomes = [...rows].map(([outcome, times]) => ({ outcome, times }))
      const failed = failures.length + missing.length
      return {
        rows: [...outcomes, ...missing.map((name) => ({ outcome: name, times: 0 })), ...failures],
        result: { cases: GOAL, failed, seed, goal: GOAL, pass: failed === 0 },
      }
    } finally {
      processes.end()
      await world.fleet.close()
    }
  },
}
