import { NotFound } from '@/lib/errors'
import type { ClusterOptions, DesiredCluster, DesiredDirector } from '@/lib/lvs/cluster'
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

const WHOLE = {
  directors: { include: { host: { select: { name: true } } }, orderBy: { hostId: 'asc' } },
  services: { include: { realServers: true } },
} as const satisfies Prisma.ClusterInclude
type WholeRow = Prisma.ClusterGetPayload<{ include: typeof WHOLE }>

function toCluster(row: WholeRow): StoredCluster {
  const { id, name, version, createdAt, updatedAt, deletedAt } = row
  return {
    desired: {
      ...{ id, name },
      directors: row.directors.map(({ hostId, dip, host }) => ({ hostId, dip, name: host.name })),
      services: row.services.map(toService).sort((a, b) => compareServiceKeys(a.key, b.key)),
      options: parseRow(optionsSchema, row, `Cluster ${id}`),
    },
    ...{ version, createdAt, updatedAt },
    ...(deletedAt !== null && { deletedAt }),
  }
}

/** Reads a cluster, a deleted one too; throws NotFound. */
export async function getCluster(id: string, tx: Tx = database()): Promise<StoredCluster> {
  const row = await tx.cluster.findUnique({ where: { id }, include: WHOLE })
  if (row === null) throw new NotFound('not-found', { noun: 'cluster', id })
  return toCluster(row)
}

/** Reads what is desired of a cluster, for the planner; throws NotFound. */
export async function getDesiredCluster(id: string, tx: Tx = database()): Promise<DesiredCluster> {
  return (await getCluster(id, tx)).desired
}

/** Lists the clusters that are not deleted, by name. */
export async function listClusters(tx: Tx = database()): Promise<StoredCluster[]> {
  const rows = await tx.cluster.findMany({
    where: { deletedAt: null },
    include: WHOLE,
    orderBy: { name: 'asc' },
  })
  return rows.map(toCluster)
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

/** Marks a cluster as deleted and forgets what was desired of it; its name is free again. */
export async function removeCluster(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.cluster.update({
    where: { id },
    data: {
      deletedAt: at,
      liveName: null,
      directors: { deleteMany: {} },
      services: { deleteMany: {} },
    },
  })
}
