import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Client, createClient } from '@libsql/client'
import type { Secret } from '@/lib/secret'

/** As Prisma makes it: `prisma migrate status` and `deploy` agree with what is applied here. */
const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`
/** Shorter, and two starts at once on a slow disk fail; longer, and a person waits for a process that hangs. */
const BUSY_MS = 15_000

/** Thrown when the database cannot be brought to this version; a person at a terminal reads the sentence. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed'
}

export type Migration = { name: string; sql: string; checksum: string }
type Target = { url: string; folder: string; authToken?: Secret | undefined }

/** Reads prisma/migrations in the order of their names; `checksum` is SHA-256 in hex, as Prisma stores it. */
export function readMigrations(folder: string): Migration[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) =>
    existsSync(join(folder, name, 'migration.sql')),
  )
  return names.sort().map((name) => {
    const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8')
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
  })
}

/**
 * Brings the database to the newest migration, without the Prisma CLI, and returns the names applied.
 * Each migration and its row are one transaction: a crash leaves it whole or absent. Several processes may call this
 * at once: SQLite's write lock lets one through, and the others find its row. Throws MigrationFailed.
 */
export async function migrate({ url, folder, authToken }: Target): Promise<string[]> {
  if (url.startsWith('file:')) mkdirSync(dirname(url.slice('file:'.length)), { recursive: true })
  const token = authToken?.reveal()
  const options = { url, timeout: BUSY_MS, ...(token !== undefined && { authToken: token }) }
  const client = createClient(options)
  try {
    // Writers then do not stop readers; it stays in the file. A remote server refuses the question.
    if (url.startsWith('file:')) await turnOnWriteAheadLog(client)
    await client.execute(TABLE)
    return await applyMissing(client, readMigrations(folder))
  } finally {
    client.close()
  }
}

async function turnOnWriteAheadLog(client: Client): Promise<void> {
  const deadline = Date.now() + BUSY_MS
  for (;;) {
    try {
      await client.execute('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      // SQLite does not wait by itself here, when another process has the file open.
      if (Date.now() > deadline || !String(error).includes('locked')) throw error
      await wait(50)
    }
  }
}

async function applyMissing(client: Client, migrations: Migration[]): Promise<string[]> {
  const applied: string[] = []
  const done = await readDone(client)
  const known = new Set(migrations.map(({ name }) => name))
  const unknown = [...done.keys()].find((name) => !known.has(name))
  if (unknown !== undefined) {
    throw new MigrationFailed(
      `The database is of a newer Tunboard: this one does not know its migration ${unknown}.`,
    )
  }
  for (const migration of migrations) {
    const checksum = done.get(migration.name)
    if (checksum === undefined) {
      if (await applyOne(client, migration)) applied.push(migration.name)
    } else if (checksum !== migration.checksum) {
      throw new MigrationFailed(
        `The migration ${migration.name} was edited after it was applied to this database.`,
      )
    }
  }
  return applied
}

async function readDone(client: Client): Promise<Map<string, string>> {
  const { rows } = await client.execute(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  )
  const failed = rows.find((row) => row.finished_at === null)
  if (failed !== undefined) {
    const name = String(failed.migration_name)
    throw new MigrationFailed(
      `The migration ${name} failed earlier: repair the database, then run \`npx prisma migrate resolve\`.`,
    )
  }
  return new Map(rows.map((row) => [String(row.migration_name), String(row.checksum)]))
}

/** Returns false when another process applied it meanwhile. */
async function applyOne(client: Client, migration: Migration): Promise<boolean> {
  try {
    await client.executeMultiple(transactionFor(migration))
    return true
  } catch (error) {
    if ((await readDone(client)).get(migration.name) === migration.checksum) return false
    throw new MigrationFailed(`The migration ${migration.name} failed, nothing of it is kept.`, {
      cause: error,
    })
  }
}

/**
 * The row's id comes from the name, so that a second process cannot insert it. Foreign keys go off *before* BEGIN
 * (inside, SQLite ignores that): otherwise the DROP TABLE of Prisma's table redefinitions deletes rows by cascade.
 */
function transactionFor({ name, sql, checksum }: Migration): string {
  const id = createHash('sha256').update(name).digest('hex').slice(0, 36)
  const values = [id, checksum, name].map((text) => `'${text.replaceAll("'", "''")}'`).join(', ')
  const now = `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`
  return `PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;
INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
  VALUES (${values}, ${now}, ${now}, 1);
${sql}
;
COMMIT;
PRAGMA foreign_keys = ON;`
}
