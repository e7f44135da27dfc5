import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@libsql/client'
import { openDatabase } from '@/lib/db/client'
import type { PrismaClient } from '@/lib/db/generated/client'

/** A database that every case finds as the first one did. */
export type CaseDatabase = {
  /** Makes now the beginning of every case that follows. */
  keep(): Promise<void>
  /** Puts it back to what was kept; `wrap` is what `database()` gives. Returns its URL. */
  begin(wrap?: (client: PrismaClient) => PrismaClient): Promise<string>
  /** Opens the database of this case anew, as another process does. */
  reopen(wrap?: (client: PrismaClient) => PrismaClient): Promise<void>
  /** The database of this case, for another process. */
  url(): string
  close(): Promise<void>
}

async function copyOf(url: string, file: string): Promise<void> {
  const client = createClient({ url })
  // what is still in the write-ahead log would not be copied
  await client.execute('PRAGMA wal_checkpoint(TRUNCATE)')
  client.close()
  copyFileSync(url.slice('file:'.length), file)
}

/** Keeps a database as it is now, and works on copies of it from then on. */
export async function keepDatabase(first: string): Promise<CaseDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'tunboard-fleet-'))
  const template = join(folder, 'template.db')
  const current = join(folder, 'case.db')
  let url = first
  let client: PrismaClient | undefined
  const open = () => {
    client = openDatabase(url)
    return client
  }
  await copyOf(url, template)
  return {
    keep: () => copyOf(url, template),
    async begin(wrap = (each) => each) {
      await client?.$disconnect()
      for (const end of ['', '-wal', '-shm']) rmSync(`${current}${end}`, { force: true })
      copyFileSync(template, current)
      url = `file:${current}`
      globalThis.tunboardDatabase = wrap(open())
      return url
    },
    async reopen(wrap = (each) => each) {
      await client?.$disconnect()
      globalThis.tunboardDatabase = wrap(open())
    },
    url: () => url,
    async close() {
      globalThis.tunboardDatabase = undefined
      await client?.$disconnect()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
