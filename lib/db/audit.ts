import { z } from 'zod'
import { database } from './client'
import type { AuditEvent as Row } from './generated/client'
import { parseColumn } from './json-column'
import type { Tx } from './transaction'

/** What an event is about: `host:<id>`, `cluster:<id>`. */
export type Subject = `${'host' | 'cluster' | 'user' | 'setting'}:${string}`

export type AuditDetail = Record<string, string | number | boolean | null>

/** Who changed what, when. `detail` never holds a secret. */
export type AuditEvent = {
  id: string
  at: Date
  /** Absent for what Tunboard did by itself. */
  userId?: string
  userName: string
  /** A code, e.g. `add-real-server`: words are in app/_i18n. */
  action: string
  subject: Subject
  detail: AuditDetail
}

const detailSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))

function toEvent({ userId, detail, subject, ...row }: Row): AuditEvent {
  return {
    ...row,
    subject: subject as Subject,
    ...(userId !== null && { userId }),
    detail: parseColumn(detailSchema, detail, `AuditEvent ${row.id}`),
  }
}

/** Writes an event, in the transaction of the change that it tells of. */
export async function createAuditEvent(tx: Tx, event: Omit<AuditEvent, 'id'>): Promise<void> {
  await tx.auditEvent.create({ data: { ...event, detail: JSON.stringify(event.detail) } })
}

/** Lists events, the newest first; `before` continues an earlier list. */
export async function listAuditEvents(
  {
    subject,
    actions,
    limit = 100,
    before,
  }: { subject?: Subject; actions?: readonly string[]; limit?: number; before?: Date } = {},
  tx: Tx = database(),
): Promise<AuditEvent[]> {
  const rows = await tx.auditEvent.findMany({
    where: {
      ...(subject !== undefined && { subject }),
      ...(actions !== undefined && { action: { in: [...actions] } }),
      ...(before !== undefined && { at: { lt: before } }),
    },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: limit,
  })
  return rows.map(toEvent)
}
