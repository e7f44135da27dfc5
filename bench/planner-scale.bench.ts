import { toPlanView } from '@/app/(console)/_plan/plan-view'
import { database } from '@/lib/db/client'
import { createCluster, listClusters } from '@/lib/db/clusters'
import { listLedger, saveLedger } from '@/lib/db/ledger'
import { createServices } from '@/lib/db/services'
import { useTestDatabase } from '@/lib/db/test-database'
import { inTransaction } from '@/lib/db/transaction'
import { foreignOn } from '@/lib/lvs/foreign'
import { LARGE, largeWorld } from '@/lib/lvs/large-world'
import { formatItem } from '@/lib/lvs/ledger'
import { parseIpvs } from '@/lib/lvs/parse-ipvs'
import { planCluster } from '@/lib/lvs/plan-cluster'
import type { World } from '@/lib/lvs/plan-world'
import type { RunningService } from '@/lib/lvs/running'
import type { Bench } from './figure'
import { printTable } from './large-table'

const ROUNDS = 20
/** The compiler has made its best of the code by then; the first rounds are several times slower. */
const WARM_UP = 5
/** What the issue asks of the planner, in ms; more would be felt between the reading and the page. */
const GOAL_MS = 300
/** What the page may cost beyond the reading, in ms, and what it may weigh: 20 differences, not 37,298 entries. */
const PAGE_MS = 700
const PAGE_KB = 200

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0

/** A world that nobody has looked at yet: what was remembered of the one before must not help. */
const anew = (world: World): World => structuredClone(world)

function tableOf({ hosts }: World): readonly RunningService[] {
  const table = hosts.find(({ host }) => host.id === 'director')?.running?.ipvs
  return table?.state === 'present' ? table.services : []
}

const weightsOf = (services: readonly Pick<RunningService, 'key' | 'realServers'>[]) =>
  new Map(
    services.flatMap(({ key: service, realServers }) =>
      realServers.map(({ key: realServer, config }) => [
        formatItem({ kind: 'entry', service, realServer }),
        config.weight,
      ]),
    ),
  )

/** The least that any planner does: it names what is wanted, running and remembered, in three maps, and compares. */
function compareOnly(world: World): number {
  const wanted = weightsOf(world.clusters.flatMap(({ services }) => services))
  const running = weightsOf(tableOf(world))
  const rows = new Set(world.ledger.map((row) => `${row.hostId} ${formatItem(row.item)}`))
  return [...running].filter(
    ([name, weight]) => wanted.get(name) !== weight || !rows.has(`director ${name}`),
  ).length
}

function timed(work: () => unknown): number {
  const begin = performance.now()
  work()
  return performance.now() - begin
}

/** Everything between the reading and the page: the plan, what is foreign, what the browser gets, as text. */
function pageOf(world: World): string {
  const plan = planCluster(world)
  const view = toPlanView({
    ...{ plan, fingerprint: '', desiredVersion: 1, readAt: new Date(0), readMs: 0, files: false },
    ...{ hosts: world.hosts, foreign: foreignOn(world), ledger: world.ledger },
    readAgain: () => Promise.reject(new Error('the bench reads nothing')),
  })
  return JSON.stringify(view)
}

function measure(seed: number) {
  const world = largeWorld(seed)
  const times: Record<'plan' | 'compare' | 'page', number[]> = { plan: [], compare: [], page: [] }
  for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
    const [one, two, three] = [anew(world), anew(world), anew(world)]
    const taken = {
      plan: timed(() => planCluster(one)),
      compare: timed(() => compareOnly(two)),
      page: timed(() => pageOf(three)),
    }
    if (round < WARM_UP) continue
    for (const key of ['plan', 'compare', 'page'] as const) times[key].push(taken[key])
  }
  const text = printTable(tableOf(world))
  const parsing = Array.from({ length: 5 }, () => timed(() => parseIpvs(text)))
  return { world, times, parsing, kb: Math.round(pageOf(world).length / 1024) }
}

/** Puts the world into a database of its own, as adopting it would. */
async function store({ clusters, hosts, ledger }: World): Promise<void> {
  const rows = hosts.map(({ host }) => ({ ...host, port: 22, user: 'root', authKind: 'agent' }))
  await database().host.createMany({ data: rows.map((host) => ({ ...host, become: 'root' })) })
  await inTransaction(async (tx) => {
    for (const { name, options, services } of clusters)
      await createServices(tx, await createCluster(tx, { name, options, directors: [] }), services)
  })
  await saveLedger(database(), ledger)
}

/** What a plan reads of the database: what is desired, and the ledger; the first time, and then as most pages find it. */
async function measureDatabase(world: World): Promise<{ first: number; times: number[] }> {
  // biome-ignore lint/correctness/useHookAtTopLevel: no hook of React
  const { remove } = await useTestDatabase()
  const read = async () => {
    const begin = performance.now()
    await listClusters()
    await listLedger()
    return performance.now() - begin
  }
  try {
    await store(world)
    const first = await read()
    const times: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) times.push(await read())
    return { first, times }
  } finally {
    await remove()
  }
}

const row = (what: string, times: readonly number[]) => ({
  what,
  'median ms': Math.round(median(times)),
  'least ms': Math.round(Math.min(...times)),
  'most ms': Math.round(Math.max(...times)),
})

export const figure: Bench = {
  name: 'planner-scale',
  about: `a plan of ${LARGE.services} services with ${LARGE.entries} entries, against comparing their names alone`,
  async run({ seed }) {
    const { world, times, parsing, kb } = measure(seed)
    const [ours, peer] = [Math.round(median(times.plan)), Math.round(median(times.compare))]
    const stored = await measureDatabase(world)
    const page = median(times.page) + median(stored.times)
    const { steps } = planCluster(world)
    const memory = Math.round(process.memoryUsage().heapUsed / 1024 / 1024)
    return {
      rows: [
        row('plan', times.plan),
        row('compare names only', times.compare),
        row('plan, foreign and page data', times.page),
        row('read desired and ledger from the database', stored.times),
        row('the same for the first time', [stored.first]),
        { what: 'plan page beside the reading', 'median ms': Math.round(page) },
        row('parse the table as read', parsing),
        { what: `page data ${kb} kB, ${steps.length} steps, heap ${memory} MB` },
      ],
      result: {
        ...{ ours, peer, unit: 'ms', ratio: Number((ours / peer).toFixed(2)), goal: GOAL_MS },
        pass: ours <= GOAL_MS && page <= PAGE_MS && kb <= PAGE_KB,
      },
    }
  },
}
