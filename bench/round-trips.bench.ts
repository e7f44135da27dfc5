import { closeAll, closeHost, connectHost } from '@/lib/ssh/client'
import { readRunning } from '@/lib/ssh/read-running'
import { runFenced } from '@/lib/ssh/run'
import type { SshTarget } from '@/lib/ssh/target'
import { startDelayProxy } from './delay-proxy'
import type { Bench } from './figure'
import { type SshServers, startSshServers } from './ssh-servers'

const ROUND_TRIP_MS = 200
/** Fewer would let one busy second decide. */
const ROUNDS = 9
/** In round trips: the least that the protocol allows is 1, 3 and 6. */
const GOALS = { read: 1.15, apply: 3.3, connect: 6.5 }

const fence = { token: 'b0b', who: 'bench' }
/** What a step does is not measured here: five that change nothing. */
const COMMANDS = Array.from({ length: 5 }, () => ({ argv: ['true'] }))

async function apply(target: SshTarget): Promise<void> {
  await readRunning(target, { fence })
  const { results } = await runFenced(target, COMMANDS, { fence, saved: false })
  if (results.some(({ exit }) => exit !== 0)) throw new Error('a command failed')
  await readRunning(target, { give: true })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}

const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0

type Times = Record<keyof typeof GOALS, number>

/** Median milliseconds of each, over a connection with this round trip. */
async function measure(
  { targets: [host], addresses, port }: SshServers,
  ms: number,
): Promise<Times> {
  if (host === undefined) throw new Error('no host')
  const proxy = await startDelayProxy({ host: addresses[0] ?? '', port }, ms)
  const target = { ...host, hostId: `delay-${ms}`, address: '127.0.0.1', port: proxy.port }
  const all = { connect: [] as number[], read: [] as number[], apply: [] as number[] }
  for (let round = 0; round < ROUNDS; round += 1) {
    closeHost(target.hostId)
    all.connect.push(await timed(() => connectHost(target)))
    await readRunning(target)
    all.read.push(await timed(() => readRunning(target)))
    all.apply.push(await timed(() => apply(target)))
  }
  await closeAll()
  await proxy.close()
  return { connect: median(all.connect), read: median(all.read), apply: median(all.apply) }
}

export const figure: Bench = {
  name: 'round-trips',
  about: `what reading, applying and connecting cost in round trips of ${ROUND_TRIP_MS} ms, the work on the host taken off`,
  async run() {
    const servers = await startSshServers(1)
    try {
      const near = await measure(servers, 0)
      const far = await measure(servers, ROUND_TRIP_MS)
      const names = ['read', 'apply', 'connect'] as const
      const trips = (name: keyof Times) => (far[name] - near[name]) / ROUND_TRIP_MS
      const rows = names.map((name) => ({
        what: name,
        'round trips': Number(trips(name).toFixed(2)),
        goal: GOALS[name],
        'ms at 200': Math.round(far[name]),
        'ms at 0': Math.round(near[name]),
      }))
      const ours = Number(trips('apply').toFixed(2))
      const pass = names.every((name) => trips(name) <= GOALS[name])
      return {
        rows,
        result: {
          ...{ ours, peer: 3, unit: 'round trips of an apply' },
          ...{ ratio: Number((ours / 3).toFixed(2)), goal: 1.1, pass },
        },
      }
    } finally {
      await closeAll()
      await servers.close()
    }
  },
}
