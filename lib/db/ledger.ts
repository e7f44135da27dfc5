import { z } from 'zod'
import { formatItem, type Item, type LedgerRow } from '@/lib/lvs/ledger'
import { serviceKeySchema } from '@/lib/lvs/service'
import { database } from './client'
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

/** A row as `listLedger` asks for it, in the order of its columns. */
const rowSchema = z.array(
  z.tuple([
    z.string(),
    z.string(),
    z.string(),
    z.string().nullable(),
    z.string().nullable(),
    z.string(),
    z.string(),
    z.string(),
    z.string(),
  ]),
)
type Row = z.output<typeof rowSchema>[number]

function toLedgerRow(row: Row, clustersOf: (text: string, where: string) => string[]): LedgerRow {
  const [hostId, itemId, item, before, written, state, origin, clusters, since] = row
  const where = `LedgerRow ${hostId} ${itemId}`
  return {
    hostId,
    item: toItem(item, where),
    ...(before !== null && { before }),
    ...(written !== null && { written }),
    ...parseRow(stateSchema, { state, origin }, where),
    clusters: clustersOf(clusters, where),
    since,
  }
}

/** Items by what their rows say: they never change, and most plans read the same ones. */
const items = new Map<string, Item>()
/** Above the largest table that is known, 37,298 entries, and its hosts; an item takes about 0.5 kB. */
const MOST_ITEMS = 100_000

function toItem(text: string, where: string): Item {
  const known = items.get(text)
  if (known !== undefined) return known
  const item = parseColumn(itemSchema, text, where)
  if (items.size >= MOST_ITEMS) items.clear()
  items.set(text, item)
  return item
}

/** Reads each spelling of the clusters once: thousands of rows have the same. */
function clusterReader(): (text: string, where: string) => string[] {
  const known = new Map<string, string[]>()
  return (text, where) => {
    const ids = known.get(text) ?? parseColumn(clusterIds, text, where)
    known.set(text, ids)
    return ids
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
  const hosts = hostIds === undefined ? null : JSON.stringify(hostIds)
  // as one text: 41,660 rows of nine values each take Prisma eight times as long
  const [found] = await tx.$queryRaw<{ rows: string }[]>`
    SELECT json_group_array(json_array("hostId", "itemId", "item", "before", "written", "state", "origin", "clusters",
      "sinceApplyId")) AS "rows"
    FROM (SELECT * FROM "LedgerRow"
      WHERE ${hosts} IS NULL OR "hostId" IN (SELECT value FROM json_each(${hosts}))
      ORDER BY "hostId", "itemId")`
  const rows = parseColumn(rowSchema, found?.rows ?? '[]', 'LedgerRow')
  const clustersOf = clusterReader()
  const all = rows.map((row) => toLedgerRow(row, clustersOf))
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
