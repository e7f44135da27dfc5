import type { Case } from './crash-points/case'
import { check } from './crash-points/check'
import { drawLabCases, happenOnLab } from './crash-points/lab-case'
import { type LabWorld, startLabWorld } from './crash-points/lab-hosts'
import { casesOf, makeCluster, measure, type Shape } from './crash-points/world'
import type { Proof, Row } from './figure'
import { randomOf } from './races/scheduler'

const GOAL = 60

async function problemOf(work: () => Promise<void>): Promise<string> {
  try {
    await work()
    return ''
  } catch (error) {
    return error instanceof Error ? error.message.split('\n').slice(0, 24).join(' ') : String(error)
  }
}

type Tally = { fault: string; cases: number; failed: number; first?: string }

async function runCase(world: LabWorld, each: Case, { expected }: Shape, tally: Tally) {
  const problem = await problemOf(async () =>
    check(world, each, await happenOnLab(world, each), expected),
  )
  const { shape, fault, when, step } = each
  tally.cases += 1
  process.stderr.write(`${shape} ${fault} ${when}: ${problem === '' ? 'held' : 'FAILED'}\n`)
  if (problem === '') return
  tally.failed += 1
  tally.first ??= `${shape} ${when} ${step.hostName}: ${step.argv.join(' ')}: ${problem}`
}

async function prove(world: LabWorld, seed: number): Promise<Row[]> {
  const random = randomOf(seed)
  const tallies = new Map<string, Tally>()
  for (const shape of await measure(world, () => world.begin()))
    for (const each of drawLabCases(casesOf(shape).cases, random)) {
      const tally = tallies.get(each.fault) ?? { fault: each.fault, cases: 0, failed: 0 }
      tallies.set(each.fault, tally)
      await runCase(world, each, shape, tally)
    }
  return [...tallies.values()]
}

export const figure: Proof = {
  name: 'crash-points-lab',
  about: 'the same on real kernels: lines that are cut or silent, plugs pulled, our process ended',
  async run({ seed }) {
    const world = await startLabWorld(makeCluster)
    try {
      const rows = await prove(world, seed)
      const sum = (key: string) => rows.reduce((total, row) => total + Number(row[key]), 0)
      const [cases, failed] = [sum('cases'), sum('failed')]
      const pass = failed === 0 && cases >= GOAL
      return { rows, result: { cases, failed, seed, goal: GOAL, pass } }
    } finally {
      await world.close()
    }
  },
}
