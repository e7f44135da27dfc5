import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@libsql/client'
import { openDatabase } from './client'
import { migrate } from './migrate'

type TestDatabase = {
  url: string
  /** Closes and deletes it. */
  remove: () => Promise<void>
}

let template: Promise<string> | undefined

async function makeTemplate(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tunboard-template-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'template.db')
  const url = `file:${file}`
  await migrate({ url, folder: 'prisma/migrations' })
  // What was migrated is still in the write-ahead log, which is not copied.
  const client = createClient({ url })
  await client.execute('PRAGMA wal_checkpoint(TRUNCATE)')
  client.close()
  return file
}

/**
 * Makes `database()` a new, empty, migrated SQLite file: a copy, because migrating each time costs more.
 * For tests: call it in beforeEach, and `remove` in afterEach.
 */
export async function useTestDatabase(): Promise<TestDatabase> {
  template ??= makeTemplate()
  const folder = mkdtempSync(join(tmpdir(), 'tunboard-test-'))
  const file = join(folder, 'test.db')
  copyFileSync(await template, file)
  const url = `file:${file}`
  const client = openDatabase(url)
  globalThis.tunboardDatabase = client
  return {
    url,
    remove: async () => {
      globalThis.tunboardDatabase = undefined
      await client.$disconnect()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
