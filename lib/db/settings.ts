import { database } from './client'
import type { Tx } from './transaction'

/** The row whose making closes sign-up: there is one first administrator, whoever comes second. */
export const FIRST_RUN = 'first-run'

/** Reads a setting of this installation. */
export async function getSetting(key: string, tx: Tx = database()): Promise<string | undefined> {
  return (await tx.setting.findUnique({ where: { key } }))?.value
}

/** Makes a setting that can be made only once; returns false where it exists, whoever raced for it. */
export async function createSetting(tx: Tx, key: string, value: string): Promise<boolean> {
  const count =
    await tx.$executeRaw`INSERT INTO "Setting" ("key", "value") VALUES (${key}, ${value}) ON CONFLICT DO NOTHING`
  return count === 1
}

/** Writes a setting, new or known. */
export async function updateSetting(tx: Tx, key: string, value: string): Promise<void> {
  await tx.setting.upsert({ where: { key }, create: { key, value }, update: { value } })
}
