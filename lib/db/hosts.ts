import { z } from 'zod'
import { NotFound } from '@/lib/errors'
import { type ApprovedHostKey, AUTH_KINDS, BECOME_WAYS, type Host } from '@/lib/lvs/host'
import type { HostFacts } from '@/lib/lvs/host-facts'
import type { HostRef } from '@/lib/lvs/running'
import { database } from './client'
import type { Host as HostRow } from './generated/client'
import { parseRow } from './json-column'
import type { Tx } from './transaction'

const rowSchema = z.object({ authKind: z.enum(AUTH_KINDS), become: z.enum(BECOME_WAYS) })

/** The sealed credential never leaves by a read. */
const READ = { omit: { credential: true } } as const
type ReadRow = Omit<HostRow, 'credential'>

function hostKeyOf(row: ReadRow): ApprovedHostKey | undefined {
  const { hostKey, hostKeyType, hostKeyApprovedAt, hostKeyApprovedBy } = row
  if (hostKey === null || hostKeyType === null) return undefined
  if (hostKeyApprovedAt === null || hostKeyApprovedBy === null) return undefined
  return {
    fingerprint: hostKey,
    type: hostKeyType,
    approvedAt: hostKeyApprovedAt,
    approvedBy: hostKeyApprovedBy,
  }
}

function toHost(row: ReadRow): Host {
  const hostKey = hostKeyOf(row)
  const { id, name, address, port, user, version, facts, factsAt } = row
  return {
    ...{ id, name, address, port, user, version },
    ...parseRow(rowSchema, row, `Host ${id}`),
    ...(hostKey !== undefined && { hostKey }),
    // Written by updateHostFacts alone, from the type itself.
    ...(facts !== null &&
      factsAt !== null && { probed: { facts: JSON.parse(facts) as HostFacts, at: factsAt } }),
  }
}

/** Lists every host by name. */
export async function listHosts(tx: Tx = database()): Promise<Host[]> {
  const rows = await tx.host.findMany({ ...READ, orderBy: { name: 'asc' } })
  return rows.map(toHost)
}

/** Reads one host; throws NotFound. */
export async function getHost(id: string, tx: Tx = database()): Promise<Host> {
  const row = await tx.host.findUnique({ ...READ, where: { id } })
  if (row === null) throw new NotFound('not-found', { noun: 'host', id })
  return toHost(row)
}

/** Reads what the planner needs of some hosts, by name; ids that are no host's (any more) are left out. */
export async function getHostRefs(ids: readonly string[], tx: Tx = database()): Promise<HostRef[]> {
  return tx.host.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, name: true, address: true, port: true },
    orderBy: { name: 'asc' },
  })
}

/** Lists the hosts whose key a person approved: those that may be asked something. */
export async function listApprovedHosts(tx: Tx = database()): Promise<HostRef[]> {
  return tx.host.findMany({
    where: { hostKey: { not: null } },
    select: { id: true, name: true, address: true },
    orderBy: { name: 'asc' },
  })
}

/** Reads the sealed credential for ops/ssh-target; `undefined` for an agent. Not named get*, so that no page may call it. */
export async function readSealedCredential(id: string): Promise<string | undefined> {
  const row = await database().host.findUnique({ where: { id }, select: { credential: true } })
  if (row === null) throw new NotFound('not-found', { noun: 'host', id })
  return row.credential ?? undefined
}

/** How a host is reached: what a person enters, without the credential. */
export type HostAccess = Pick<Host, 'name' | 'address' | 'port' | 'user' | 'authKind' | 'become'>

/** Adds a host under an id made by the caller, because its credential is sealed for that id. */
export async function createHost(
  tx: Tx,
  host: HostAccess & { id: string; credential?: string },
): Promise<void> {
  await tx.host.create({ data: host })
}

/**
 * Changes how a host is reached; `credential` undefined keeps the stored one, null forgets it.
 * Returns false where `version` is not the current one.
 */
export async function updateHost(
  tx: Tx,
  host: { id: string; version: number },
  change: HostAccess & { credential?: string | null },
): Promise<boolean> {
  const { count } = await tx.host.updateMany({
    where: host,
    data: { ...change, version: { increment: 1 } },
  })
  return count === 1
}

/** Forgets the approved key and what was probed: the address may be another machine's now. */
export async function forgetHostIdentity(tx: Tx, id: string): Promise<void> {
  const none = {
    hostKey: null,
    hostKeyType: null,
    hostKeyApprovedAt: null,
    hostKeyApprovedBy: null,
  }
  await tx.host.update({ where: { id }, data: { ...none, facts: null, factsAt: null } })
}

/** Remembers a host key that a person has approved. */
export async function updateHostKey(tx: Tx, id: string, key: ApprovedHostKey): Promise<void> {
  const { fingerprint: hostKey, type, approvedAt, approvedBy } = key
  await tx.host.update({
    where: { id },
    data: {
      hostKey,
      hostKeyType: type,
      hostKeyApprovedAt: approvedAt,
      hostKeyApprovedBy: approvedBy,
    },
  })
}

/** Remembers what a probe read. */
export async function updateHostFacts(
  tx: Tx,
  id: string,
  facts: HostFacts,
  at: Date,
): Promise<void> {
  await tx.host.update({ where: { id }, data: { facts: JSON.stringify(facts), factsAt: at } })
}

/** Deletes a host; the database refuses while a cluster or the ledger names it. */
export async function removeHost(tx: Tx, id: string): Promise<void> {
  await tx.host.delete({ where: { id } })
}
