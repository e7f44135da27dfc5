import { Conflict } from '@/lib/errors'
import { database } from './client'
import type { Lock as LockRow } from './generated/client'
import { inTransaction, type Tx } from './transaction'

/**
 * How long a lease lives without being renewed. Shorter, and a slow batch of a living apply loses its hosts; longer,
 * and after a crash nobody may work on them for that long.
 */
export const LEASE_SECONDS = 30

/** What was taken: it holds until it is released, or not renewed for LEASE_SECONDS. */
export type Lease = { name: string; generation: number }

/** Who holds a lock, for people. */
export type Lock = LockRow

const leaseEnd = (now: Date) => new Date(now.getTime() + LEASE_SECONDS * 1000)

/**
 * Takes the locks of all names (host ids) or of none, for `owner` (a person's name or an apply's id) and `reason`.
 * Throws Conflict('locked') with who holds one, why, and the seconds until it can be taken.
 */
export async function takeLocks(
  names: readonly string[],
  { owner, reason, now }: { owner: string; reason: string; now: Date },
): Promise<Lease[]> {
  return inTransaction(async (tx) => {
    const leases: Lease[] = []
    for (const name of new Set([...names].sort())) {
      const generation = await takeOne(tx, { name, owner, reason, now })
      if (generation === undefined) throw await heldBy(tx, name, now)
      leases.push({ name, generation })
    }
    return leases
  })
}

type Taking = { name: string; owner: string; reason: string; now: Date }

/** One statement compares and sets. The generation only ever goes up, so that a late owner can be told apart. */
async function takeOne(tx: Tx, { name, owner, reason, now }: Taking): Promise<number | undefined> {
  const rows = await tx.$queryRaw<{ generation: number | bigint }[]>`
    INSERT INTO "Lock" ("name", "owner", "reason", "generation", "leaseUntil", "takenAt")
    VALUES (${name}, ${owner}, ${reason}, 1, ${leaseEnd(now)}, ${now})
    ON CONFLICT ("name") DO UPDATE SET
      "owner" = excluded."owner", "reason" = excluded."reason", "generation" = "generation" + 1,
      "leaseUntil" = excluded."leaseUntil", "takenAt" = excluded."takenAt"
    WHERE "Lock"."leaseUntil" <= ${now}
    RETURNING "generation"`
  const [row] = rows
  return row === undefined ? undefined : Number(row.generation)
}

/** Says who holds a lock, with the name of its host and, where it is one, the apply that holds it. */
async function heldBy(tx: Tx, name: string, now: Date): Promise<Conflict> {
  const { owner, reason, leaseUntil } = await tx.lock.findUniqueOrThrow({ where: { name } })
  const seconds = Math.max(1, Math.ceil((leaseUntil.getTime() - now.getTime()) / 1000))
  const host = await tx.host.findUnique({ where: { id: name }, select: { name: true } })
  const apply = await tx.apply.findFirst({
    where: { state: { in: ['running', 'armed'] }, steps: { some: { hostId: name } } },
    select: { id: true },
  })
  return new Conflict('locked', {
    ...{ lock: name, host: host?.name ?? name, owner, reason, seconds },
    ...(apply !== null && { apply: apply.id }),
  })
}

/**
 * Takes a lock away from whoever holds it under this generation, and returns whose it was; `undefined` where nobody holds
 * it so any more. Its owner finds it lost before he sends anything more.
 */
export async function breakLease(
  tx: Tx,
  { name, generation }: Lease,
  now: Date,
): Promise<Lock | undefined> {
  const held = await tx.lock.findFirst({ where: { name, generation, leaseUntil: { gt: now } } })
  if (held === null) return undefined
  await tx.lock.update({ where: { name }, data: { leaseUntil: now } })
  return held
}

/**
 * Prolongs every lease by LEASE_SECONDS from `now`, in the transaction of what may be written by its owner alone.
 * Throws Conflict('lease-lost') where one has run out, was broken or was taken by somebody else.
 */
export async function renewLocksIn(tx: Tx, leases: readonly Lease[], now: Date): Promise<void> {
  for (const { name, generation } of leases) {
    const { count } = await tx.lock.updateMany({
      where: { name, generation, leaseUntil: { gt: now } },
      data: { leaseUntil: leaseEnd(now) },
    })
    if (count !== 1) throw new Conflict('lease-lost', { lock: name, generation })
  }
}

/**
 * Prolongs every lease as `renewLocksIn` does, before each batch and while one runs: once it throws, nothing more may be
 * sent.
 */
export async function renewLocks(leases: readonly Lease[], now: Date): Promise<void> {
  await inTransaction((tx) => renewLocksIn(tx, leases, now))
}

/** Gives locks back; one that somebody else has taken meanwhile stays his. */
export async function releaseLocks(leases: readonly Lease[], now: Date): Promise<void> {
  await inTransaction(async (tx) => {
    for (const { name, generation } of leases) {
      await tx.lock.updateMany({
        where: { name, generation, leaseUntil: { gt: now } },
        data: { leaseUntil: now },
      })
    }
  })
}

/** Lists the locks that are held at `now`. */
export async function listLocks(now: Date): Promise<Lock[]> {
  return database().lock.findMany({ where: { leaseUntil: { gt: now } }, orderBy: { name: 'asc' } })
}

/**
 * Tells how often the lock of a name was ever taken; `undefined` while somebody holds it at `now`. The same number before
 * and after some work: nobody held it meanwhile.
 */
export async function getLockGeneration(
  name: string,
  now: Date,
  tx: Tx = database(),
): Promise<number | undefined> {
  const row = await tx.lock.findUnique({ where: { name } })
  if (row === null) return 0
  return row.leaseUntil > now ? undefined : row.generation
}
