import { NotFound } from '@/lib/errors'
import type {
  ClusterOptions,
  DesiredCluster,
  DesiredDirector,
  DesiredService,
} from '@/lib/lvs/cluster'
import { compareServiceKeys } from '@/lib/lvs/service'
import { database } from './client'
import { optionsSchema, toService } from './cluster-rows'
import type { Prisma } from './generated/client'
import { parseRow } from './json-column'
import type { Tx } from './transaction'

/** A cluster as stored: what is desired, and which version of that it is. */
export type StoredCluster = {
  desired: DesiredCluster
  /** The desired version, raised by every change of desired. */
  version: number
  createdAt: Date
  updatedAt: Date
  /** Set: only its applies, and debts in the ledger, still name it. */
  deletedAt?: Date
}

const HEAD = {
  directors: { include: { host: { select: { name: true } } }, orderBy: { hostId: 'asc' } },
} as const satisfies Prisma.ClusterInclude
type HeadRow = Prisma.ClusterGetPayload<{ include: typeof HEAD }>

function toCluster(row: HeadRow, services: readonly DesiredService[]): StoredCluster {
  const { id, name, version, createdAt, updatedAt, deletedAt } = row
  return {
    desired: {
      ...{ id, name },
      directors: row.directors.map(({ hostId, dip, host }) => ({ hostId, dip, name: host.name })),
      services,
      options: parseRow(optionsSchema, row, `Cluster ${id}`),
    },
    ...{ version, createdAt, updatedAt },
    ...(deletedAt !== null && { deletedAt }),
  }
}

type Version = { id: string; version: number }
type Kept = { version: number; services: readonly DesiredService[] }

/**
 * Services of clusters as they were read of a database: those of one version never change, and 37,298 entries take a
 * second to read. What a transaction sees may not come true, so nothing of it is kept.
 */
const kept = new WeakMap<object, Map<string, Kept>>()

const keptOf = (tx: Tx): Map<string, Kept> | undefined => {
  if (tx !== database()) return undefined
  const known = kept.get(tx) ?? new Map<string, Kept>()
  kept.set(tx, known)
  return known
}

async function readServices(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, DesiredService[]>> {
  const services = new Map(ids.map((id): [string, DesiredService[]] => [id, []]))
  if (ids.length === 0) return services
  const rows = await tx.virtualService.findMany({
    where: { clusterId: { in: [...ids] } },
    include: { realServers: true },
  })
  for (const row of rows) services.get(row.clusterId)?.push(toService(row))
  for (const list of services.values()) list.sort((a, b) => compareServiceKeys(a.key, b.key))
  return services
}

/** Tells whether clusters still have the versions that they had: what was read between belongs to them. */
async function isStill(tx: Tx, rows: readonly Version[]): Promise<boolean> {
  if (rows.length === 0) return true
  const now = await tx.cluster.findMany({
    where: { id: { in: rows.map(({ id }) => id) } },
    select: { id: true, version: true },
  })
  const versions = new Map(now.map(({ id, version }) => [id, version]))
  return rows.every(({ id, version }) => versions.get(id) === version)
}

/** Reads clusters with their services; again, where somebody changed one meanwhile. */
async function readWhole(
  tx: Tx,
  readHeads: (tx: Tx) => Promise<HeadRow[]>,
): Promise<StoredCluster[]> {
  const known = keptOf(tx)
  for (;;) {
    const rows = await readHeads(tx)
    const isKnown = ({ id, version }: Version) => known?.get(id)?.version === version
    const wanted = rows.filter((row) => !isKnown(row))
    const read = await readServices(
      tx,
      wanted.map(({ id }) => id),
    )
    if (known !== undefined && !(await isStill(tx, wanted))) continue
    for (const { id, version } of wanted) known?.set(id, { version, services: read.get(id) ?? [] })
    return rows.map((row) => toCluster(row, read.get(row.id) ?? known?.get(row.id)?.services ?? []))
  }
}

/** Reads a cluster, a deleted one too; throws NotFound. */
export async function getCluster(id: string, tx: Tx = database()): Promise<StoredCluster> {
  const [found] = await readWhole(tx, (client) =>
    client.cluster.findMany({ where: { id }, include: HEAD }),
  )
  if (found === undefined) throw new NotFound('not-found', { noun: 'cluster', id })
  return found
}

/** Reads what is desired of a cluster, for the planner; throws NotFound. */
export async function getDesiredCluster(id: string, tx: Tx = database()): Promise<DesiredCluster> {
  return (await getCluster(id, tx)).desired
}

/** Lists the clusters that are not deleted, by name. */
export async function listClusters(tx: Tx = database()): Promise<StoredCluster[]> {
  return readWhole(tx, (client) =>
    client.cluster.findMany({
      where: { deletedAt: null },
      include: HEAD,
      orderBy: { name: 'asc' },
    }),
  )
}

/** Lists the desired version of every cluster that is not deleted, by its id. */
export async function listClusterVersions(tx: Tx = database()): Promise<Map<string, number>> {
  const rows = await tx.cluster.findMany({
    where: { deletedAt: null },
    select: { id: true, version: true },
  })
  return new Map(rows.map(({ id, version }) => [id, version]))
}

/** Lists what is desired of every cluster that is not deleted, for the planner. */
export async function listDesiredClusters(tx: Tx = database()): Promise<DesiredCluster[]> {
  return (await listClusters(tx)).map(({ desired }) => desired)
}

/** Adds a cluster without services, at version 1, and returns its id. */
export async function createCluster(
  tx: Tx,
  cluster: {
    name: string
    options: ClusterOptions
    directors: readonly Omit<DesiredDirector, 'name'>[]
  },
): Promise<string> {
  const { name, options, directors } = cluster
  const { id } = await tx.cluster.create({
    data: { name, liveName: name, ...options, directors: { create: [...directors] } },
    select: { id: true },
  })
  return id
}

/**
 * Raises the desired version from the one given. Returns false where it is not the current one, or the cluster is
 * deleted. Every change of desired begins with it, in the same transaction.
 */
export async function raiseClusterVersion(tx: Tx, id: string, version: number): Promise<boolean> {
  const { count } = await tx.cluster.updateMany({
    where: { id, version, deletedAt: null },
    data: { version: { increment: 1 } },
  })
  return count === 1
}

/** Changes the name and options of a cluster. */
export async function updateCluster(
  tx: Tx,
  id: string,
  { name, options }: { name: string; options: ClusterOptions },
): Promise<void> {
  await tx.cluster.update({ where: { id }, data: { name, liveName: name, ...options } })
}

/** Marks a cluster as deleted and forgets what was desired of it, which is another version; its name is free again. */
export async function removeCluster(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.cluster.update({
    where: { id },
    data: {
      deletedAt: at,
      liveName: null,
      version: { increment: 1 },
      directors: { deleteMany: {} },
      services: { deleteMany: {} },
    },
  })
}
