import { z } from 'zod'
import { DRIFT_KINDS, type DriftItem, type Ignored } from '@/lib/lvs/drift'
import { database } from './client'
import type { Drift as Row } from './generated/client'
import { parseColumn, parseRow } from './json-column'
import { itemSchema } from './ledger'
import type { Tx } from './transaction'

/** A drift as it is remembered from reading to reading. */
export type Drift = DriftItem & {
  /** What a reboot would bring back, as far as it was saved by us. */
  saved?: string
  /** When it was first read so. */
  since: Date
  /** Who set it aside, and why; it ends when its running value changes. */
  ignored?: { by: { userId: string; name: string }; why: string; at: Date }
}

const kindSchema = z.object({ kind: z.enum(DRIFT_KINDS) })

function ignoredOf({ ignoredById, ignoredByName, ignoredWhy, ignoredAt }: Row): Drift['ignored'] {
  if (ignoredAt === null) return undefined
  const by = { userId: ignoredById ?? '', name: ignoredByName ?? '' }
  return { by, why: ignoredWhy ?? '', at: ignoredAt }
}

function toDrift(row: Row): Drift {
  const where = `Drift ${row.hostId} ${row.itemId}`
  const { hostId, itemId, clusterId, desired, running, saved, since } = row
  const ignored = ignoredOf(row)
  return {
    ...{ hostId, itemId, clusterId, since },
    ...parseRow(kindSchema, row, where),
    item: parseColumn(itemSchema, row.item, where),
    ...(desired !== null && { desired }),
    ...(running !== null && { running }),
    ...(saved !== null && { saved }),
    ...(ignored !== undefined && { ignored }),
  }
}

export type DriftFilter = { clusterId?: string; hostId?: string }

/** Lists drift, the oldest first: of a cluster, on a host, or all; those that are ignored too. */
export async function listDrift(filter: DriftFilter = {}, tx: Tx = database()): Promise<Drift[]> {
  const rows = await tx.drift.findMany({
    where: filter,
    orderBy: [{ since: 'asc' }, { hostId: 'asc' }, { itemId: 'asc' }],
  })
  return rows.map(toDrift)
}

/** Lists what of a cluster a person set aside, for its plan. */
export async function listIgnoredDrift(clusterId: string, tx: Tx = database()): Promise<Ignored[]> {
  const rows = await tx.drift.findMany({ where: { clusterId, ignoredAt: { not: null } } })
  return rows.map(toDrift).map(({ hostId, item, running, ignored }) => ({
    ...{ hostId, clusterId, item, by: ignored?.by.name ?? '', why: ignored?.why ?? '' },
    ...(running !== undefined && { running }),
  }))
}

/** How much of a cluster has drifted, without what is ignored, and since when. */
export type DriftCount = { clusterId: string; hostId: string; count: number; since: Date }

/** Counts the drift of each cluster on each host, without reading the items. */
export async function listDriftCounts(tx: Tx = database()): Promise<DriftCount[]> {
  const groups = await tx.drift.groupBy({
    by: ['clusterId', 'hostId'],
    where: { ignoredAt: null },
    _count: { itemId: true },
    _min: { since: true },
  })
  return groups.flatMap(({ clusterId, hostId, _count, _min }) =>
    _min.since === null ? [] : [{ clusterId, hostId, count: _count.itemId, since: _min.since }],
  )
}

const textOf = (at: Date): string => at.toISOString().replace('Z', '+00:00') // as the adapter writes a date

/** Writes drifts, new ones and known ones; `since` of a known one stays, and it is ignored no more. */
export async function saveDrift(tx: Tx, drifts: readonly Omit<Drift, 'ignored'>[]): Promise<void> {
  const values = drifts.map(({ item, since, ...columns }) => ({
    ...columns,
    ...{ item: JSON.stringify(item), since: textOf(since) },
  }))
  // WHERE true: without it SQLite reads ON CONFLICT as the ON of a join
  await tx.$executeRaw`
    INSERT INTO "Drift" ("hostId", "itemId", "clusterId", "item", "kind", "desired", "running", "saved", "since")
    SELECT r.value->>'hostId', r.value->>'itemId', r.value->>'clusterId', r.value->>'item', r.value->>'kind',
      r.value->>'desired', r.value->>'running', r.value->>'saved', r.value->>'since'
    FROM json_each(${JSON.stringify(values)}) AS r WHERE true
    ON CONFLICT ("hostId", "itemId", "clusterId") DO UPDATE SET
      "kind" = excluded."kind", "desired" = excluded."desired", "running" = excluded."running",
      "saved" = excluded."saved", "ignoredById" = NULL, "ignoredByName" = NULL, "ignoredWhy" = NULL, "ignoredAt" = NULL`
}

/** What names one drift. */
export type DriftName = Pick<Drift, 'hostId' | 'itemId' | 'clusterId'>

/** Forgets drifts: they were read as they should be, or somebody decided. */
export async function dropDrift(tx: Tx, drifts: readonly DriftName[]): Promise<void> {
  const names = drifts.map(({ hostId, itemId, clusterId }) => [hostId, itemId, clusterId])
  await tx.$executeRaw`
    DELETE FROM "Drift" WHERE ("hostId", "itemId", "clusterId") IN
      (SELECT r.value->>0, r.value->>1, r.value->>2 FROM json_each(${JSON.stringify(names)}) AS r)`
}

/** Forgets every drift of a cluster. */
export async function dropDriftOf(tx: Tx, clusterId: string): Promise<void> {
  await tx.drift.deleteMany({ where: { clusterId } })
}

/** Sets a drift aside, or takes it up again. */
export async function updateDriftIgnored(
  tx: Tx,
  { hostId, itemId, clusterId }: DriftName,
  ignored: Drift['ignored'],
): Promise<void> {
  await tx.drift.update({
    where: { hostId_itemId_clusterId: { hostId, itemId, clusterId } },
    data: {
      ignoredById: ignored?.by.userId ?? null,
      ignoredByName: ignored?.by.name ?? null,
      ignoredWhy: ignored?.why ?? null,
      ignoredAt: ignored?.at ?? null,
    },
  })
}
