import { readFileSync } from 'node:fs'
import { type Lab, startLab } from '@/lab/lab'
import { bulkCommand, isAsAdded, splitBulk } from '@/lib/lvs/bulk'
import { DEFAULT_OPTIONS, type DesiredCluster } from '@/lib/lvs/cluster'
import type { Step } from '@/lib/lvs/plan'
import { planCluster } from '@/lib/lvs/plan-cluster'
import type { Running } from '@/lib/lvs/running'
import { IPIP } from '@/lib/lvs/service'
import { Secret } from '@/lib/secret'
import { closeAll } from '@/lib/ssh/client'
import { readRunning } from '@/lib/ssh/read-running'
import { runFenced } from '@/lib/ssh/run'
import type { SshTarget } from '@/lib/ssh/target'
import type { Bench } from './figure'

const SERVICES = 250
const ENTRIES = 19
/** Fewer would let one busy second decide; each round fills and empties the table twice. */
const ROUNDS = 5
const GOAL = 1.15
const WHOLE_GOAL = 1.8
const HOST = { id: 'director', name: 'director', address: '127.0.0.1' }
const fence = { token: 'b0b', who: 'bench' }

const cluster: DesiredCluster = {
  ...{ id: 'push', name: 'push', options: DEFAULT_OPTIONS },
  directors: [{ hostId: HOST.id, name: HOST.name, dip: '172.25.254.1' }],
  services: Array.from({ length: SERVICES }, (_, at) => ({
    ...{ id: `s${at}`, vips: [] },
    key: { kind: 'address', protocol: 'tcp', vip: `10.77.0.${at}`, port: 80 },
    config: { scheduler: 'rr', flags: [], onePacket: false },
    realServers: Array.from({ length: ENTRIES }, (__, place) => ({
      ...{ id: `s${at}-${place}`, name: 'server', key: { rip: `10.78.${place}.${at}`, port: 80 } },
      config: { forwarding: IPIP, weight: 1, upperThreshold: 0, lowerThreshold: 0 },
    })),
  })),
}

/** The lines of the table alone: what the peer pushes too. */
function linesFor(running: Running): Step[] {
  const hosts = [{ host: HOST, running }]
  const world = { clusterId: cluster.id, clusters: [cluster], hosts, ledger: [], skipChecks: true }
  return planCluster(world).steps.filter(({ kind }) => kind === 'service' || kind === 'entry')
}

/** Sends the runs one after the other as the executor does: each is read back before the next one. */
async function push(target: SshTarget, steps: readonly Step[]): Promise<void> {
  for (const run of splitBulk(steps)) {
    const command = { ...bulkCommand(run), root: true }
    const { running } = await runFenced(target, [command], { fence, saved: false })
    if (running instanceof Error) throw running
    if (!run.every((step) => isAsAdded(step, running))) throw new Error('a line is missing')
  }
}

async function empty(lab: Lab): Promise<void> {
  const lines = cluster.services.map((_, at) => `-D -t 10.77.0.${at}:80`).join('\n')
  await lab.exec('director', 'ipvsadm -R', { input: `${lines}\n` })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}

const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
const row = (way: string, times: readonly number[]) => ({
  ...{ way, 'median ms': Math.round(median(times)), 'least ms': Math.round(Math.min(...times)) },
})

/** The peer: one ControlMaster that is up already, three commands, the lines on standard input. */
async function peer(lab: Lab, lines: string): Promise<void> {
  const command = 'ipvsadm -R && ipvsadm -Sn && ipvsadm -Ln --thresholds'
  const { exit, stdout } = await lab.exec('director', command, { input: lines })
  const entries = stdout.match(/^-a -t 10\.77\./gm)?.length
  if (exit !== 0 || entries !== SERVICES * ENTRIES) throw new Error(`the peer pushed ${entries}`)
}

async function measure(lab: Lab) {
  const target: SshTarget = {
    ...{ hostId: HOST.id, name: HOST.name, address: HOST.address, user: 'root', become: 'root' },
    ...{ port: lab.nodes.director?.port ?? 0, hostKey: await lab.fingerprint('director') },
    auth: { kind: 'key', privateKey: new Secret(readFileSync(lab.keyFile, 'utf8')) },
  }
  await lab.exec('director', 'modprobe ip_vs')
  const steps = linesFor(await readRunning(target, { fence }))
  const lines = bulkCommand(steps).stdin
  const times = { push: [] as number[], whole: [] as number[], peer: [] as number[] }
  for (let round = 0; round < ROUNDS; round += 1) {
    times.peer.push(await timed(() => peer(lab, lines)))
    await empty(lab)
    times.push.push(await timed(() => push(target, steps)))
    await empty(lab)
    times.whole.push(
      await timed(async () => {
        await push(target, linesFor(await readRunning(target, { fence })))
        await readRunning(target, { give: true })
      }),
    )
    await empty(lab)
    await readRunning(target, { fence })
  }
  const [ours, base, whole] = [median(times.push), median(times.peer), median(times.whole)]
  const ratio = Number((ours / base).toFixed(2))
  const wholeRatio = Number((whole / base).toFixed(2))
  return {
    rows: [
      row('ControlMaster: -R; -Sn; -Ln --thresholds', times.peer),
      row(`pushed and read back, ${ratio}x`, times.push),
      row(`the whole apply without its database, ${wholeRatio}x`, times.whole),
    ],
    result: {
      ...{ ours: Math.round(ours), peer: Math.round(base), unit: 'ms', ratio, goal: GOAL },
      pass: ratio <= GOAL && wholeRatio <= WHOLE_GOAL,
    },
  }
}

export const figure: Bench = {
  name: 'push-rules',
  about: `${SERVICES * (ENTRIES + 1)} rules to a real kernel, against the same lines over an OpenSSH ControlMaster`,
  async run() {
    const lab = await startLab({ nodes: ['director'], memory: '640M' })
    try {
      return await measure(lab)
    } finally {
      await closeAll()
      await lab.stop()
    }
  },
}
