import { z } from 'zod'
import { NotFound } from '@/lib/errors'
import { formatItem } from '@/lib/lvs/ledger'
import type { SavedItem } from '@/lib/lvs/saved'
import { database } from './client'
import type { Save as SaveRow } from './generated/client'
import { parseColumn, parseRow } from './json-column'
import { itemSchema } from './ledger'
import type { Tx } from './transaction'

export const SAVE_KINDS = ['save', 'put-back', 'uninstall'] as const
export type SaveKind = (typeof SAVE_KINDS)[number]

/** One file of a save: its text before and after; none = it was, or is, not there. */
export type SaveFile = { path: string; before?: string; after?: string }

/** One host's part of a save that was read back. */
export type Save = {
  id: string
  applyId: string
  hostId: string
  hostName: string
  clusterId?: string
  kind: SaveKind
  at: Date
  by: { userId: string; name: string }
  files: readonly SaveFile[]
  /** Unit → started at boot. */
  enabled: Readonly<Record<string, boolean>>
  items: readonly SavedItem[]
}

const filesSchema = z.array(
  z.object({ path: z.string(), before: z.string().optional(), after: z.string().optional() }),
)
const itemsSchema = z.array(
  z.object({
    hostId: z.string(),
    item: itemSchema,
    value: z.string(),
    clusters: z.array(z.string()),
  }),
)
const kindSchema = z.object({ kind: z.enum(SAVE_KINDS) })

function toSave(row: SaveRow): Save {
  const where = `Save ${row.id}`
  const { id, applyId, hostId, hostName, clusterId, at } = row
  return {
    ...{ id, applyId, hostId, hostName, at },
    ...parseRow(kindSchema, row, where),
    ...(clusterId !== null && { clusterId }),
    by: { userId: row.savedById, name: row.savedByName },
    files: parseColumn(filesSchema, row.files, where) as SaveFile[],
    enabled: parseColumn(z.record(z.string(), z.boolean()), row.enabled, where),
    items: parseColumn(itemsSchema, row.items, where),
  }
}

/** Lists saves, the newest first: of some hosts, or those of one apply. */
export async function listSaves(
  filter: { hostIds?: readonly string[]; applyId?: string; limit?: number },
  tx: Tx = database(),
): Promise<Save[]> {
  const { hostIds, applyId, limit = 50 } = filter
  const rows = await tx.save.findMany({
    where: {
      ...(hostIds !== undefined && { hostId: { in: [...hostIds] } }),
      ...(applyId !== undefined && { applyId }),
    },
    orderBy: [{ at: 'desc' }, { hostName: 'asc' }],
    take: limit,
  })
  return rows.map(toSave)
}

/** Reads one save; throws NotFound. */
export async function getSave(id: string, tx: Tx = database()): Promise<Save> {
  const row = await tx.save.findUnique({ where: { id } })
  if (row === null) throw new NotFound('not-found', { noun: 'save', id })
  return toSave(row)
}

/** Writes one host's part of a save into the history. */
export async function createSave(tx: Tx, save: Omit<Save, 'id'>): Promise<void> {
  const { by, files, enabled, items, clusterId, ...columns } = save
  await tx.save.create({
    data: {
      ...columns,
      ...(clusterId !== undefined && { clusterId }),
      ...{ savedById: by.userId, savedByName: by.name },
      files: JSON.stringify(files),
      enabled: JSON.stringify(enabled),
      items: JSON.stringify(items),
    },
  })
}

/** Lists what of ours is in the files of hosts, as last read back. */
export async function listSavedItems(
  hostIds?: readonly string[],
  tx: Tx = database(),
): Promise<SavedItem[]> {
  const rows = await tx.savedItem.findMany({
    where: hostIds === undefined ? {} : { hostId: { in: [...hostIds] } },
    orderBy: [{ hostId: 'asc' }, { itemId: 'asc' }],
  })
  return rows.map((row) => {
    const where = `SavedItem ${row.hostId} ${row.itemId}`
    return {
      hostId: row.hostId,
      item: parseColumn(itemSchema, row.item, where),
      value: row.value,
      clusters: parseColumn(z.array(z.string()), row.clusters, where),
    }
  })
}

/** Replaces what of ours is in the files of one host. */
export async function replaceSavedItems(
  tx: Tx,
  hostId: string,
  items: readonly SavedItem[],
): Promise<void> {
  await tx.savedItem.deleteMany({ where: { hostId } })
  await tx.savedItem.createMany({
    data: items.map(({ item, value, clusters }) => ({
      ...{ hostId, itemId: formatItem(item), value },
      item: JSON.stringify(item),
      clusters: JSON.stringify([...clusters].sort()),
    })),
  })
}

/** Forgets that a cluster is in files: what is written there is nobody's from now on, and stays. */
export async function forgetSavedItems(tx: Tx, clusterId: string): Promise<void> {
  const items = await listSavedItems(undefined, tx)
  const hostIds = new Set(
    items.filter(({ clusters }) => clusters.includes(clusterId)).map(({ hostId }) => hostId),
  )
  for (const hostId of hostIds) {
    const own = items.filter((each) => each.hostId === hostId)
    const left = own.map((each) => ({
      ...each,
      clusters: each.clusters.filter((id) => id !== clusterId),
    }))
    await replaceSavedItems(
      tx,
      hostId,
      left.filter(({ clusters }) => clusters.length > 0),
    )
  }
}
