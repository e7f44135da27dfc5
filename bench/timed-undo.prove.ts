import { readFileSync } from 'node:fs'
import { type Lab, startLab } from '@/lab/lab'
import type { Init } from '@/lab/state'
import { closeAll } from '@/lib/ssh/client'
import type { SshTarget } from '@/lib/ssh/target'
import { asStudent, targetOf } from '@/lib/ssh/test-target'
import type { Proof, Row } from './figure'
import { runAcrossHosts, type Targets } from './timed-undo/across-hosts'
import { SHAPES, type Shape } from './timed-undo/changes'
import { CUTS, type Cut, FOREIGN, PREPARE, sh } from './timed-undo/guest'
import { type Outcome, runOnHost } from './timed-undo/one-host'
import { type Race, race } from './timed-undo/races'

const GOAL = 40
/** Around the moment at which the timer fires; a fork takes 20 ms there. */
const OFFSETS_MS = [-120, -60, -30, 0, 30]

const NAMES = ['director', 'server2', 'server3', 'server4'] as const

async function targetsOf(lab: Lab): Promise<Targets> {
  const [director, server2, server3, server4] = await Promise.all(
    NAMES.map(async (name) =>
      targetOf({
        ...{ name, port: lab.nodes[name]?.port ?? 0, fingerprint: await lab.fingerprint(name) },
        privateKey: readFileSync(lab.keyFile, 'utf8'),
      }),
    ),
  )
  return { director, server2, server3: server3 && asStudent(server3), server4 } as Targets
}

type Job = readonly [shape: Shape, cut: Cut]

/** A shape that cuts our path itself needs no other cut. */
const jobs = (on: Shape['on']): Job[] =>
  SHAPES.filter((shape) => shape.on === on).flatMap((shape) =>
    (Object.keys(CUTS) as Cut[])
      .filter((cut) => shape.name !== 'own management address' || cut === 'nobody confirms')
      .map((cut) => [shape, cut] as const),
  )

/** Works through a queue that its like on other hosts work through as well; every other one by the user with sudo. */
async function work(target: SshTarget, queue: Job[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
    const as = queue.length % 2 === 0 || target.user !== 'root' ? target : asStudent(target)
    outcomes.push(await runOnHost(as, ...job, `${target.name}-${queue.length}`))
    console.error(JSON.stringify(outcomes.at(-1)))
  }
  return outcomes
}

async function raceOn(target: SshTarget): Promise<Race[]> {
  const races: Race[] = []
  for (const offset of OFFSETS_MS) races.push(await race(target, `race-${races.length}`, offset))
  return races
}

const rowOf = ({ problem = 'as before', ...rest }: Outcome): Row => ({ ...rest, result: problem })
const raceRow = ({ offsetMs, winner, problem, host }: Race): Row => ({
  ...{ host, shape: 'race of confirmation and timer', cut: `confirmed ${offsetMs} ms from it` },
  result: problem ?? `${winner} won`,
})

/** All hosts at once: each shape with each cut, then the races. */
async function proveEach(targets: readonly SshTarget[], isWanted: (job: Job) => boolean) {
  const queues = { director: jobs('director'), server: jobs('server') }
  const queueOf = ({ name }: SshTarget) => queues[name === 'director' ? 'director' : 'server']
  for (const queue of Object.values(queues))
    queue.splice(0, queue.length, ...queue.filter(isWanted))
  const single = await Promise.all(targets.map((target) => work(target, queueOf(target))))
  const races = await Promise.all(targets.map(raceOn))
  return [...single.flat().map(rowOf), ...races.flat().map(raceRow)]
}

async function prepare(targets: Targets): Promise<void> {
  await Promise.all(Object.values(targets).map((target) => sh(target, PREPARE)))
  await sh(targets.director, FOREIGN)
}

/** The timer is a shell in a session of its own. */
async function proveQuick(lab: Lab): Promise<Row[]> {
  const targets = await targetsOf(lab)
  await prepare(targets)
  const across = await runAcrossHosts(lab, targets)
  return [...across.map(rowOf), ...(await proveEach(Object.values(targets), () => true))]
}

/** The timer is a unit of systemd; what it runs is the same, and one cut will do. */
async function proveSystemd(lab: Lab): Promise<Row[]> {
  const targets = await targetsOf(lab)
  await prepare(targets)
  const cuts: readonly Cut[] = ['nobody confirms', 'SSH dropped']
  const isWanted = ([{ on }, cut]: Job) => cut === cuts[on === 'director' ? 1 : 0]
  return proveEach(Object.values(targets), isWanted)
}

const isGood = ({ result }: Row): boolean =>
  result === 'as before' || /^(timer|confirmation) won$/.test(String(result))

async function inLab(init: Init, prove: (lab: Lab) => Promise<Row[]>): Promise<Row[]> {
  const lab = await startLab({ init, nodes: NAMES })
  try {
    return (await prove(lab)).map((row) => ({ init, ...row }))
  } finally {
    await closeAll()
    await lab.stop()
  }
}

export const figure: Proof = {
  name: 'timed-undo',
  about:
    'nobody confirms, our path is cut or not: hosts of the lab are as before by themselves, in time',
  async run({ seed }) {
    const rows = [...(await inLab('quick', proveQuick)), ...(await inLab('systemd', proveSystemd))]
    const failed = rows.filter((row) => !isGood(row)).length
    // a race that only one of them ever wins is none
    const winners = new Set(rows.map(({ result }) => result))
    const bothWon = winners.has('timer won') && winners.has('confirmation won')
    const pass = failed === 0 && rows.length >= GOAL && bothWon
    return { rows, result: { cases: rows.length, failed, seed, goal: GOAL, pass } }
  },
}
