import { z } from 'zod'
import { formatItem, type Item, type LedgerRow } from '@/lib/lvs/ledger'
import { serviceKeySchema } from '@/lib/lvs/service'
import { database } from './client'
import type { LedgerRow as Row } from './generated/client'
import { parseColumn, parseRow } from './json-column'
import type { Tx } from './transaction'

const realServerKey = z.object({ rip: z.string(), port: z.number() })
export const itemSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('module'), name: z.string() }),
  z.object({ kind: z.literal('sysctl'), key: z.string() }),
  z.object({ kind: z.literal('link'), device: z.string() }),
  z.object({ kind: z.literal('address'), address: z.string(), device: z.string() }),
  z.object({ kind: z.literal('service'), service: serviceKeySchema }),
  z.object({ kind: z.literal('entry'), service: serviceKeySchema, realServer: realServerKey }),
  z.object({ kind: z.literal('file'), path: z.string() }),
  z.object({ kind: z.literal('unit'), name: z.string() }),
]) satisfies z.ZodType<Item>

const stateSchema = z.object({
  state: z.enum(['intended', 'ours']),
  origin: z.enum(['applied', 'adopted']),
})
const clusterIds = z.array(z.string())

function toLedgerRow(row: Row): LedgerRow {
  const where = `LedgerRow ${row.hostId} ${row.itemId}`
  return {
    hostId: row.hostId,
    item: parseColumn(itemSchema, row.item, where),
    ...(row.before !== null && { before: row.before }),
    ...(row.written !== null && { written: row.written }),
    ...parseRow(stateSchema, row, where),
    clusters: parseColumn(clusterIds, row.clusters, where),
    since: row.sinceApplyId,
  }
}

function columns(row: LedgerRow) {
  return {
    item: JSON.stringify(row.item),
    before: row.before ?? null,
    written: row.written ?? null,
    ...{ state: row.state, origin: row.origin },
    clusters: JSON.stringify([...row.clusters].sort()),
    sinceApplyId: row.since,
  }
}

/** Which rows: of some hosts, of one cluster, or all. */
export type LedgerFilter = { hostIds?: readonly string[]; clusterId?: string }

/** Lists rows of the ledger, by host and item. */
export async function listLedger(
  { hostIds, clusterId }: LedgerFilter = {},
  tx: Tx = database(),
): Promise<LedgerRow[]> {
  const rows = await tx.ledgerRow.findMany({
    where: hostIds === undefined ? {} : { hostId: { in: [...hostIds] } },
    orderBy: [{ hostId: 'asc' }, { itemId: 'asc' }],
  })
  const all = rows.map(toLedgerRow)
  // A host has tens of rows: a table of its own for their clusters would cost more than this.
  return clusterId === undefined ? all : all.filter((row) => row.clusters.includes(clusterId))
}

/** Names the applies that have rows of which nobody has read yet what became of them. */
export async function listIntendedApplies(tx: Tx = database()): Promise<Set<string>> {
  const rows = await tx.ledgerRow.findMany({
    where: { state: 'intended' },
    distinct: ['sinceApplyId'],
    select: { sinceApplyId: true },
  })
  return new Set(rows.map(({ sinceApplyId }) => sinceApplyId))
}

/** Rows of one statement: an apply may write 37,298, and a statement's text is held in memory three times. */
const CHUNK = 5000

const chunksOf = <T>(list: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(list.length / CHUNK) }, (_, at) =>
    list.slice(at * CHUNK, (at + 1) * CHUNK),
  )

/**
 * Writes rows as they are given, new ones and known ones. *before* of a known row is never overwritten, whatever is
 * given: it is the value before our first touch.
 */
export async function saveLedger(tx: Tx, rows: readonly LedgerRow[]): Promise<void> {
  for (const chunk of chunksOf(rows)) {
    const values = chunk.map((row) => ({
      ...{ hostId: row.hostId, itemId: formatItem(row.item) },
      ...columns(row),
    }))
    // WHERE true: without it SQLite reads ON CONFLICT as the ON of a join
    await tx.$executeRaw`
      INSERT INTO "LedgerRow"
        ("hostId", "itemId", "item", "before", "written", "state", "origin", "clusters", "sinceApplyId")
      SELECT r.value->>'hostId', r.value->>'itemId', r.value->>'item', r.value->>'before', r.value->>'written',
        r.value->>'state', r.value->>'origin', r.value->>'clusters', r.value->>'sinceApplyId'
      FROM json_each(${JSON.stringify(values)}) AS r WHERE true
      ON CONFLICT ("hostId", "itemId") DO UPDATE SET
        "item" = excluded."item", "written" = excluded."written", "state" = excluded."state",
        "origin" = excluded."origin", "clusters" = excluded."clusters", "sinceApplyId" = excluded."sinceApplyId"`
  }
}

/**
 * Gives *before* of rows a new value: only after a reboot, when a live-only value that is not ours any more is what
 * was there before our next touch.
 */
export async function replaceBefore(
  tx: Tx,
  { hostId, item }: Pick<LedgerRow, 'hostId' | 'item'>,
  before: string | undefined,
): Promise<void> {
  const itemId = formatItem(item)
  await tx.ledgerRow.update({
    where: { hostId_itemId: { hostId, itemId } },
    data: { before: before ?? null },
  })
}

/** Forgets rows: what they name was read back as it was before, or was never touched. */
export async function dropLedger(
  tx: Tx,
  rows: readonly Pick<LedgerRow, 'hostId' | 'item'>[],
): Promise<void> {
  for (const chunk of chunksOf(rows)) {
    const names = chunk.map(({ hostId, item }) => [hostId, formatItem(item)])
    await tx.$executeRaw`
      DELETE FROM "LedgerRow" WHERE ("hostId", "itemId") IN
        (SELECT r.value->>0, r.value->>1 FROM json_each(${JSON.stringify(names)}) AS r)`
  }
}
