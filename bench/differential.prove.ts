import { type Lab, startLab } from '@/lab/lab'
import type { Output } from '@/lib/testing/fake-kernel/state'
import {
  callsOf,
  type Difference,
  findDifference,
  MODULES,
  READS,
  runOnFake,
} from './differential/compare'
import { parseOutputs, scriptFor } from './differential/guest'
import { type Call, drawSequences, type Sequence } from './differential/sequence'
import type { Proof, Row } from './figure'

const GOAL = 2000
/** Some 15 s each on a slow machine: more would take long to be told of a hang, fewer open more channels. */
const AT_ONCE = 25
/** The two nodes are kernels of their own: each takes half of the work. */
const NODES = ['director', 'server2'] as const
type Node = (typeof NODES)[number]

async function runOnNode(lab: Lab, node: Node, calls: readonly Call[]): Promise<Output[]> {
  const { stdout, stderr } = await lab.exec(node, 'sh', { input: scriptFor(calls) })
  return parseOutputs(stdout, stderr, calls.length)
}

/** Loads what every sequence finds loaded, and puts down what others have: it must be there unchanged at the end. */
const PREPARE: readonly Call[] = MODULES.map((name) => ({ argv: ['modprobe', name] }))

type Found = { difference: Difference; sequence: Sequence }

/** Runs some sequences on a node, each followed by what takes it back, and on fake kernels. */
async function compareSome(lab: Lab, node: Node, some: readonly Sequence[]): Promise<Found[]> {
  const batches = some.map((sequence) => ({ sequence, calls: callsOf(sequence) }))
  const all = batches.flatMap(({ sequence, calls }) => [...calls, ...sequence.tidy])
  const outputs = await runOnNode(lab, node, all)
  let begin = 0
  return batches.flatMap(({ sequence, calls }) => {
    const real = outputs.slice(begin, begin + calls.length)
    begin += calls.length + sequence.tidy.length
    const difference = findDifference(sequence, calls, real, runOnFake(calls))
    return difference === undefined ? [] : [{ difference, sequence }]
  })
}

async function compareOn(lab: Lab, node: Node, share: readonly Sequence[]): Promise<Found[]> {
  await runOnNode(lab, node, PREPARE)
  const found: Found[] = []
  for (let at = 0; at < share.length; at += AT_ONCE)
    found.push(...(await compareSome(lab, node, share.slice(at, at + AT_ONCE))))
  const [left] = await runOnNode(lab, node, READS.slice(0, 1))
  if (left?.stdout !== '') throw new Error(`Something was left on ${node}: ${left?.stdout}`)
  return found
}

const shownCalls = ({ calls }: Sequence): string =>
  calls
    .map(
      ({ argv, stdin }) =>
        `${argv.join(' ')}${stdin === undefined ? '' : ` <<< ${JSON.stringify(stdin)}`}`,
    )
    .join(' ; ')

const rowOf = ({ difference, sequence }: Found): Row => ({
  ...{ sequence: difference.at, call: difference.call, what: difference.what },
  ...{ real: JSON.stringify(difference.real), fake: JSON.stringify(difference.fake) },
  after: shownCalls(sequence),
})

/** How many calls of each program there were: a seed that draws none of a kind proves nothing about it. */
function countCalls(sequences: readonly Sequence[]): Row[] {
  const counts = new Map<string, number>()
  for (const { argv } of sequences.flatMap(({ calls }) => calls)) {
    const [program = '', verb = ''] = argv
    const name = program === 'ipvsadm' ? `ipvsadm ${verb}` : program
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([program, calls]) => ({ program, calls }))
}

export const figure: Proof = {
  name: 'differential',
  about:
    'the fake kernel says and does what a real one does: generated sequences of commands on both',
  async run({ seed }) {
    const sequences = drawSequences(GOAL, seed)
    const lab = await startLab({ nodes: NODES })
    try {
      const shares = NODES.map((node, at) =>
        compareOn(
          lab,
          node,
          sequences.filter((sequence) => sequence.at % NODES.length === at),
        ),
      )
      const found = (await Promise.all(shares)).flat()
      const rows = found.length > 0 ? found.map(rowOf) : countCalls(sequences)
      const [cases, failed] = [sequences.length, found.length]
      return { rows, result: { cases, failed, seed, goal: GOAL, pass: failed === 0 } }
    } finally {
      await lab.stop()
    }
  },
}
