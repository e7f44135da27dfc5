import { randomOf } from '../races/scheduler'
import type { Case } from './case'
import { inOwnProcess } from './kill'
import { casesOf, measure, runCase, type Shape, startWorld } from './world'

/** Which cases a worker runs: one in `of`, from `at`; `sample`: so many of them alone, drawn by the seed. */
export type Share = { at: number; of: number; seed: number; sample?: number; kills: number }

/** What one kind of fault came to. */
export type Tally = { shape: string; fault: string; cases: number; failed: number; first: string }

/** All a worker found; `impossible`: pairs that cannot occur. */
export type Result = { tallies: Tally[]; impossible: number; kills: number; milliseconds: number }

type Job = { shape: Shape; each: Case }

/** Draws a sample, in an order of its own (Fisher-Yates). */
function drawn(jobs: readonly Job[], { seed, sample }: Share): Job[] {
  if (sample === undefined) return [...jobs]
  const random = randomOf(seed)
  const left = [...jobs]
  return Array.from({ length: Math.min(sample, left.length) }, () =>
    left.splice(Math.floor(random() * left.length), 1),
  ).flat()
}

const problemOf = async (work: Promise<void>): Promise<string> => {
  try {
    await work
    return ''
  } catch (error) {
    return error instanceof Error ? error.message.split('\n').slice(0, 12).join(' ') : String(error)
  }
}

function count(tallies: Map<string, Tally>, { shape, step, fault, when }: Case, problem: string) {
  const name = `${shape} ${fault}`
  const tally = tallies.get(name) ?? { shape, fault, cases: 0, failed: 0, first: '' }
  tally.cases += 1
  tally.failed += problem === '' ? 0 : 1
  if (problem !== '') tally.first ||= `${when} ${step.hostName}: ${step.argv.join(' ')}: ${problem}`
  tallies.set(name, tally)
}

/** Runs a share of all cases on fake hosts and a database of its own. */
export async function runShare(share: Share): Promise<Result> {
  const begun = performance.now()
  const world = await startWorld()
  const shapes = await measure(world, () => world.fleet.begin())
  const all = shapes.map((shape) => ({ shape, ...casesOf(shape) }))
  const jobs = all.flatMap(({ shape, cases }) => cases.map((each) => ({ shape, each })))
  const mine = drawn(
    jobs.filter((_, place) => place % share.of === share.at),
    share,
  )
  const tallies = new Map<string, Tally>()
  let kills = 0
  for (const { shape, each } of mine) {
    const real = each.fault === 'killed' && kills < share.kills
    if (real) kills += 1
    const work = real ? runCase(world, each, shape, inOwnProcess) : runCase(world, each, shape)
    count(tallies, each, await problemOf(work))
  }
  await world.fleet.close()
  const impossible = all.reduce((sum, each) => sum + each.impossible, 0)
  const milliseconds = Math.round(performance.now() - begun)
  return { tallies: [...tallies.values()], impossible, kills, milliseconds }
}
