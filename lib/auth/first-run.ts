import { randomUUID } from 'node:crypto'
import { createAuditEvent } from '@/lib/db/audit'
import { createSetting, FIRST_RUN, getSetting } from '@/lib/db/settings'
import { inTransaction } from '@/lib/db/transaction'
import { Conflict } from '@/lib/errors'
import { auth } from './auth'

export type NewAdministrator = { name: string; email: string; password: string }

/** Tells whether this installation still waits for its administrator. */
export async function isFirstRun(): Promise<boolean> {
  return (await getSetting(FIRST_RUN)) === undefined
}

/**
 * Creates the administrator and closes sign-up in one transaction: of two who try at once, one wins.
 * Throws Conflict when it was closed before. Returns the user's id.
 */
export async function createFirstAdministrator(
  { name, email, password }: NewAdministrator,
  now: Date,
): Promise<string> {
  // Hashing takes a tenth of a second: it must not hold the database.
  const { password: hasher } = await auth().$context
  const hash = await hasher.hash(password)
  const id = randomUUID()
  await inTransaction(async (tx) => {
    if (!(await createSetting(tx, FIRST_RUN, now.toISOString())))
      throw new Conflict('first-run-closed')
    await tx.user.create({
      data: { id, name, email: email.toLowerCase(), emailVerified: true, role: 'admin' },
    })
    await tx.account.create({
      data: {
        id: randomUUID(),
        userId: id,
        accountId: id,
        providerId: 'credential',
        password: hash,
      },
    })
    await createAuditEvent(tx, {
      at: now,
      userId: id,
      userName: name,
      action: 'create-first-administrator',
      subject: `user:${id}`,
      detail: { email: email.toLowerCase() },
    })
  })
  return id
}
