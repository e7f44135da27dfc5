import { createHash, randomUUID } from 'node:crypto'
import { createApply, endApply } from '@/lib/db/applies'
import { createCluster, listDesiredClusters } from '@/lib/db/clusters'
import { listApprovedHosts } from '@/lib/db/hosts'
import { listLedger, saveLedger } from '@/lib/db/ledger'
import { releaseLocks, takeLocks } from '@/lib/db/locks'
import { createServices } from '@/lib/db/services'
import { inTransaction, type Tx } from '@/lib/db/transaction'
import { Conflict } from '@/lib/errors'
import { type Adoption, type AdoptOffer, type AdoptWorld, adopt, offerOf } from '@/lib/lvs/adopt'
import type { AdoptForm } from '@/lib/lvs/adopt-form'
import type { Plan } from '@/lib/lvs/plan'
import type { HostState } from '@/lib/lvs/running'
import { formatServiceKey } from '@/lib/lvs/service'
import { checkServicesFree } from './check-service'
import type { Context } from './context'
import { checkClusterName } from './create-cluster'
import { readSoon } from './radar-loop'
import { readHosts } from './read-world'
import { recordEvent } from './record-event'

/** Stands for the ids that an adoption gets when it is written. */
const NEW = 'new'

/** A director as it was read just now, with what it offers. */
export type ReadOffer = {
  world: AdoptWorld
  offer: AdoptOffer
  readAt: Date
  /** Hosts that could not be read: real servers on them stay unmanaged. */
  unread: readonly HostState[]
}

/** Reads every managed host, and says what of a director can be adopted. Nothing is sent but reads. */
export async function readAdoptOffer(directorId: string): Promise<ReadOffer> {
  const approved = await listApprovedHosts()
  const hosts = await readHosts(approved.map(({ id }) => id))
  const world = {
    directorId,
    hosts,
    clusters: await listDesiredClusters(),
    ledger: await listLedger(),
  }
  const unread = hosts.filter(({ running }) => running === undefined)
  return { world, offer: offerOf(world), readAt: new Date(), unread }
}

/** What an adoption would write, and what it is known by. */
export type AdoptPreview = { adoption: Adoption; fingerprint: string }

function fingerprintOf({ desired, rows, open, plan }: Adoption): string {
  const { directors, options, services } = desired
  const ours = rows.map(({ hostId, item, written }) => [hostId, item, written])
  const steps = plan.steps.map(({ hostId, argv }) => [hostId, argv])
  const text = JSON.stringify([directors, options, services, ours, open, steps])
  return createHash('sha256').update(text).digest('hex')
}

/** Works out what adopting these services would write; `undefined` where one of them cannot be adopted. */
export function previewAdoption(
  { world, offer }: Pick<ReadOffer, 'world' | 'offer'>,
  { name, services, dip }: Pick<AdoptForm, 'name' | 'services' | 'dip'>,
): AdoptPreview | undefined {
  const chosen = new Set(services)
  const keys = offer.services
    .map(({ service }) => service.key)
    .filter((key) => chosen.has(formatServiceKey(key)))
  if (keys.length !== chosen.size) return undefined
  const choice = { clusterId: NEW, name, services: keys, ...(dip !== undefined && { dip }) }
  const adoption = adopt(world, choice, NEW)
  return adoption && { adoption, fingerprint: fingerprintOf(adoption) }
}

async function previewNow(form: AdoptForm): Promise<Adoption> {
  const preview = previewAdoption(await readAdoptOffer(form.directorId), form)
  if (preview === undefined) throw new Conflict('adoption-impossible')
  if (preview.fingerprint !== form.fingerprint) throw new Conflict('adoption-moved')
  return preview.adoption
}

/** The plan of an adoption: nothing was done. */
const nothing = (clusterId: string): Plan => ({
  ...{ clusterId, basis: '', steps: [], refusals: [], debts: [] },
  ...{ waiting: [], notes: [], bookkeeping: [] },
})

async function write(tx: Tx, context: Context, { desired, rows, open }: Adoption): Promise<string> {
  const { name, options, directors, services } = desired
  await checkClusterName(tx, name)
  await checkServicesFree(
    tx,
    directors,
    services.map(({ key }) => key),
  )
  const owners = directors.map(({ hostId, dip }) => ({ hostId, dip }))
  const id = await createCluster(tx, { name, options, directors: owners })
  await createServices(tx, id, services)
  const since = randomUUID()
  await saveLedger(
    tx,
    rows.map((row) => ({
      ...row,
      since: row.since === NEW ? since : row.since,
      clusters: row.clusters.map((each) => (each === NEW ? id : each)),
    })),
  )
  const { userId, name: person } = context.actor
  await createApply(tx, {
    ...{ id: since, kind: 'adopt', plan: nothing(id), fingerprint: '', desiredVersion: 1 },
    ...{ subject: { kind: 'cluster', id, name }, options: { open }, steps: [] },
    startedBy: { userId, name: person },
    startedAt: context.now(),
    desired: { ...desired, id },
  })
  await endApply(tx, since, { state: 'verified', endedAt: context.now() })
  const what = services.map(({ key }) => formatServiceKey(key)).join(', ')
  await recordEvent(tx, context, 'adopt-cluster', {
    subject: `cluster:${id}`,
    detail: { cluster: name, version: 1, what, items: rows.length },
  })
  return id
}

const hostsOf = ({ desired, rows }: Adoption): string[] => [
  ...new Set([...desired.directors, ...rows].map(({ hostId }) => hostId)),
]

/**
 * Makes a cluster of what runs on a director, in one transaction and without a byte to any host but reads; returns its id.
 * What runs is read again with the locks of its hosts held; not their fences, which keep steps apart, and here is none: what
 * another Tunboard does meanwhile is drift a moment later, as it would be after. Throws InvalidInput (a name that is taken), and Conflict:
 * `adoption-moved` where it is not what was shown, `adoption-impossible`, `service-taken`, `locked`.
 */
export async function adoptCluster(context: Context, form: AdoptForm): Promise<string> {
  const first = await previewNow(form)
  const hostIds = hostsOf(first)
  const taking = { owner: context.actor.name, reason: `adopt ${form.name}`, now: context.now() }
  const leases = await takeLocks(hostIds, taking)
  try {
    const adoption = await previewNow(form)
    return await inTransaction((tx) => write(tx, context, adoption))
  } finally {
    await releaseLocks(leases, context.now())
    readSoon(hostIds)
  }
}
