import { readFileSync } from 'node:fs'
import { type Lab, type NodeName, startLab } from '@/lab/lab'
import { Secret } from '@/lib/secret'
import { closeAll, closeHost } from '@/lib/ssh/client'
import { readRunning } from '@/lib/ssh/read-running'
import type { SshTarget } from '@/lib/ssh/target'
import type { Bench } from './figure'

const HOSTS = ['director', 'server2', 'server3', 'server4'] as const satisfies NodeName[]
/** Fewer would let one busy second of the machine decide; more would only take longer. */
const ROUNDS = 15
/** A login takes 0.3 s and more of these kernels' time than the reading: keeping the shell must save half at least. */
const GOAL = 0.5

async function targetOf(lab: Lab, name: NodeName): Promise<SshTarget> {
  return {
    ...{ hostId: name, name, address: '127.0.0.1', port: lab.nodes[name]?.port ?? 0 },
    ...{ user: 'root', become: 'root', hostKey: await lab.fingerprint(name) },
    auth: { kind: 'key', privateKey: new Secret(readFileSync(lab.keyFile, 'utf8')) },
  }
}

/** Reads all hosts at once, as a plan does; milliseconds. */
async function readAll(targets: readonly SshTarget[]): Promise<number> {
  const begin = performance.now()
  await Promise.all(targets.map((target) => readRunning(target)))
  return performance.now() - begin
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0

const row = (name: string, times: readonly number[]) => ({
  way: name,
  'median ms': Math.round(median(times)),
  'least ms': Math.round(Math.min(...times)),
  'most ms': Math.round(Math.max(...times)),
})

async function measure(lab: Lab) {
  const targets = await Promise.all(HOSTS.map((name) => targetOf(lab, name)))
  const warm: number[] = []
  const cold: number[] = []
  await readAll(targets)
  for (let round = 0; round < ROUNDS; round += 1) {
    warm.push(await readAll(targets))
    for (const { hostId } of targets) closeHost(hostId)
    cold.push(await readAll(targets))
  }
  const [ours, peer] = [Math.round(median(warm)), Math.round(median(cold))]
  const ratio = Number((ours / peer).toFixed(2))
  return {
    rows: [row('warm shell', warm), row('login for each read', cold)],
    result: { ours, peer, unit: 'ms', ratio, goal: GOAL, pass: ratio <= GOAL },
  }
}

export const figure: Bench = {
  name: 'lean-read',
  about: 'the lean read of four hosts at once: over the warm shell, and with a login for each',
  async run() {
    const lab = await startLab({ nodes: HOSTS })
    try {
      return await measure(lab)
    } finally {
      await closeAll()
      await lab.stop()
    }
  },
}
