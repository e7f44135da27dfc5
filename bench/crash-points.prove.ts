import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Result, Share, Tally } from './crash-points/share'
import type { Proof, Row } from './figure'

/** Fewer would mean that a shape has lost its steps. */
const GOAL = 1500
/** Each has hosts and a database of its own; more than the cores of a small machine would only wait. */
const WORKERS = 2
/** Of the killed ones so many are processes that get a real SIGKILL; the others are cut off at their last commit. */
const KILLS = 52

async function runWorker(share: Share): Promise<Result> {
  const worker = fork(join(import.meta.dirname, 'crash-points/worker.ts'), {
    execArgv: ['--import', 'tsx'],
  })
  const answer = once(worker, 'message')
  worker.send(share)
  const [result] = await Promise.race([
    answer,
    once(worker, 'exit').then(() => {
      throw new Error('a worker ended before it had an answer')
    }),
  ])
  // what worker.ts sends
  return result as Result
}

/** One row for each fault: the shapes are its columns' sum. */
function rowsOf(tallies: readonly Tally[]): Row[] {
  const faults = [...new Set(tallies.map(({ fault }) => fault))]
  return faults.map((fault) => {
    const of = tallies.filter((each) => each.fault === fault)
    const sum = (key: 'cases' | 'failed') => of.reduce((total, each) => total + each[key], 0)
    const first = of.find((each) => each.first !== '')
    return {
      ...{ fault, cases: sum('cases'), failed: sum('failed') },
      ...(first !== undefined && { first: `${first.shape}: ${first.first}` }),
    }
  })
}

export const figure: Proof = {
  name: 'crash-points',
  about: 'whatever goes wrong at whichever step: hosts are as before, as after, or shown to differ',
  async run({ seed }) {
    const shares = Array.from({ length: WORKERS }, (_, at) => ({
      ...{ at, of: WORKERS, seed, kills: KILLS / WORKERS },
    }))
    const results = await Promise.all(shares.map(runWorker))
    const rows = rowsOf(results.flatMap(({ tallies }) => tallies))
    const sum = (key: 'cases' | 'failed') =>
      rows.reduce((total, row) => total + Number(row[key]), 0)
    const kills = results.reduce((total, result) => total + result.kills, 0)
    const seconds = Math.round(Math.max(...results.map(({ milliseconds }) => milliseconds)) / 1000)
    const more: Row[] = [
      { fault: 'of these killed by SIGKILL', cases: kills },
      { fault: 'cannot occur', cases: results[0]?.impossible ?? 0 },
      { fault: 'seconds', cases: seconds },
    ]
    const [cases, failed] = [sum('cases'), sum('failed')]
    const pass = failed === 0 && cases >= GOAL && kills >= 50
    return { rows: [...rows, ...more], result: { cases, failed, seed, goal: GOAL, pass } }
  },
}
