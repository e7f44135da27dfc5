import { PrismaLibSql } from '@prisma/adapter-libsql'
import { env } from '@/lib/env'
import type { Secret } from '@/lib/secret'
import { PrismaClient } from './generated/client'

/** How long a statement waits for another writer. A plan's journal must not fail because history is being rolled up. */
const BUSY_MS = 5000

/** Opens a database of its own, for tests and tools; everything else calls `database()`. */
export function openDatabase(url: string, authToken?: Secret): PrismaClient {
  const token = authToken?.reveal()
  // `timeout` is libSQL's busy timeout in ms, which the adapter hands on but does not declare. Unlike a PRAGMA it
  // also holds for the connections that interactive transactions open. synchronous stays FULL, the default.
  const options = { url, timeout: BUSY_MS, ...(token !== undefined && { authToken: token }) }
  return new PrismaClient({ adapter: new PrismaLibSql(options) })
}

declare global {
  var tunboardDatabase: PrismaClient | undefined
}

/** Returns the one client of this process. */
export function database(): PrismaClient {
  // Next loads this module up to three times in one process: the value lives on globalThis.
  globalThis.tunboardDatabase ??= openDatabase(env().databaseUrl, env().databaseAuthToken)
  return globalThis.tunboardDatabase
}
