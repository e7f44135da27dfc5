import type { DesiredCluster, DesiredService } from '@/lib/lvs/cluster'
import { formatRealServerKey, formatServiceKey } from '@/lib/lvs/service'
import { realServerColumns, serviceColumns } from './cluster-rows'
import { getCluster } from './clusters'
import { removeRealServers, updateRealServer } from './real-servers'
import { removeServices, updateService } from './services'
import type { Tx } from './transaction'

/** Rows that come back have their old ids, by which drains and links know them, unless somebody else has them now. */
const idOf = (id: string, taken: ReadonlySet<string>) => (taken.has(id) ? {} : { id })

async function replaceEntries(
  tx: Tx,
  serviceId: string,
  { realServers: wanted }: Pick<DesiredService, 'realServers'>,
  { realServers: stored }: Pick<DesiredService, 'realServers'>,
): Promise<void> {
  const rows = new Map(stored.map((each) => [formatRealServerKey(each.key), each]))
  const added: (typeof wanted)[number][] = []
  for (const each of wanted) {
    const row = rows.get(formatRealServerKey(each.key))
    if (row === undefined) added.push(each)
    else if (JSON.stringify(row) !== JSON.stringify({ ...each, id: row.id }))
      await updateRealServer(tx, { ...each, id: row.id })
  }
  const found = await tx.realServer.findMany({
    where: { id: { in: added.map(({ id }) => id) } },
    select: { id: true },
  })
  const taken = new Set(found.map(({ id }) => id))
  await tx.realServer.createMany({
    data: added.map((each) => ({ ...idOf(each.id, taken), serviceId, ...realServerColumns(each) })),
  })
}

async function addService(tx: Tx, clusterId: string, service: DesiredService): Promise<void> {
  const taken = await tx.virtualService.findUnique({
    where: { id: service.id },
    select: { id: true },
  })
  const { id } = await tx.virtualService.create({
    data: {
      ...idOf(service.id, new Set(taken === null ? [] : [service.id])),
      ...{ clusterId, ...serviceColumns(service) },
    },
    select: { id: true },
  })
  await replaceEntries(tx, id, service, { realServers: [] })
}

/** Removes what is not wanted any more: first, so that ids and keys are free for what comes back. */
async function removeUnwanted(tx: Tx, wanted: DesiredCluster, stored: DesiredCluster) {
  const keys = new Map(
    wanted.services.map(({ key, realServers }) => [
      formatServiceKey(key),
      new Set(realServers.map((each) => formatRealServerKey(each.key))),
    ]),
  )
  const kept = (key: DesiredService['key']) => keys.get(formatServiceKey(key))
  const gone = stored.services.filter(({ key }) => kept(key) === undefined)
  await removeServices(
    tx,
    gone.map(({ id }) => id),
  )
  const entries = stored.services.flatMap(({ key, realServers }) =>
    realServers.filter((each) => kept(key)?.has(formatRealServerKey(each.key)) === false),
  )
  await removeRealServers(
    tx,
    entries.map(({ id }) => id),
  )
}

/**
 * Writes a whole state of a cluster over what is desired of it now, its name aside; what is the same keeps its rows.
 * Raises no version: the op that calls it does.
 */
export async function replaceDesired(tx: Tx, wanted: DesiredCluster): Promise<void> {
  const { desired: stored } = await getCluster(wanted.id, tx)
  await tx.cluster.update({
    where: { id: wanted.id },
    data: {
      ...wanted.options,
      directors: {
        deleteMany: {},
        create: wanted.directors.map(({ hostId, dip }) => ({ hostId, dip })),
      },
    },
  })
  await removeUnwanted(tx, wanted, stored)
  const rows = new Map(stored.services.map((each) => [formatServiceKey(each.key), each]))
  for (const service of wanted.services) {
    const row = rows.get(formatServiceKey(service.key))
    if (row === undefined) {
      await addService(tx, wanted.id, service)
      continue
    }
    await updateService(tx, row.id, service)
    await replaceEntries(tx, row.id, service, row)
  }
}
