#!/usr/bin/env node
// Stands in for Prisma's native `schema-engine`, which the Prisma CLI would download (ADR 0002): speaks the
// same JSON-RPC, one message a line on stdio, but runs @prisma/schema-engine-wasm over libSQL.
// Chosen by PRISMA_SCHEMA_ENGINE_BINARY in prisma.config.ts. SQLite only.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { PrismaLibSql } from '@prisma/adapter-libsql'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg'

const GLUE = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
/** As in lib/db/migrate.ts: the table is Prisma's, so that both may apply migrations. */
const MIGRATIONS_TABLE = `CREATE TABLE "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    datamodels: { type: 'string', multiple: true },
    datasource: { type: 'string' },
    version: { type: 'boolean' },
  },
})
const url = options.datasource ? JSON.parse(options.datasource).url : undefined
const file = url?.startsWith('file:') ? resolve(url.slice(5).split('?')[0]) : undefined
const factory = new PrismaLibSql({
  url: file ? `file:${file}` : (url ?? ':memory:'),
  authToken: process.env.DATABASE_AUTH_TOKEN,
})

async function withDatabase(use) {
  const database = await factory.connect()
  try {
    return await use(database)
  } finally {
    await database.dispose()
  }
}

/** Lists what a person made, as [type, name], tables last but one so that views go before them. */
const listObjects = () =>
  withDatabase(async (database) => {
    const sql = `SELECT type, name FROM sqlite_master WHERE type IN ('view', 'trigger', 'table')
      AND name NOT LIKE 'sqlite_%' ORDER BY type DESC`
    return (await database.queryRaw({ sql, args: [], argTypes: [] })).rows
  })

const listTables = async () =>
  (await listObjects()).filter(([type]) => type === 'table').map(([, name]) => name)

/** The engine's own reset leaves the tables of a libSQL connection half dropped. */
async function reset() {
  const drops = (await listObjects()).map(
    ([type, name]) => `DROP ${type} IF EXISTS "${name.replaceAll('"', '""')}";`,
  )
  const script = ['PRAGMA foreign_keys = OFF;', ...drops, 'PRAGMA foreign_keys = ON;'].join('\n')
  await withDatabase((database) => database.executeScript(script))
}

/** Makes the throwaway database in which the engine replays the migrations. */
async function connectToShadow() {
  const folder = mkdtempSync(join(tmpdir(), 'prisma-shadow-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return tolerant(await new PrismaLibSql({ url: `file:${folder}/shadow.db` }).connect())
}

/** The wasm engine does not read "no such table" as "nothing was ever migrated", whatever the adapter reports. */
async function queryOrNoRows(target, query) {
  try {
    return await target.queryRaw(query)
  } catch (error) {
    const text = JSON.stringify(error?.cause ?? String(error))
    if (!text.includes('no such table: _prisma_migrations')) throw error
    return { columnNames: [], columnTypes: [], rows: [] }
  }
}

/** The engine sends whole scripts through executeRaw, of which libSQL would run the first statement only. */
async function executeWhole(target, query) {
  if (query.args.length > 0) return target.executeRaw(query)
  await target.executeScript(query.sql)
  return 0
}

/** Wraps a factory or connection so that the wasm engine gets from libSQL what it expects. */
function tolerant(object) {
  const replaced = {
    connect: async () => tolerant(await object.connect()),
    connectToShadowDb: connectToShadow,
    executeRaw: (query) => executeWhole(object, query),
    queryRaw: (query) => queryOrNoRows(object, query),
  }
  return new Proxy(object, {
    get(target, key) {
      const value = target[key]
      if (typeof value !== 'function') return value
      return replaced[key] ?? value.bind(target)
    },
  })
}

let engine
async function startEngine() {
  const wasm = readFileSync(join(dirname(GLUE), 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': glue })
  glue.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return glue.SchemaEngine.new(
    { datamodels: options.datamodels?.map((path) => [path, readFileSync(path, 'utf8')]) },
    (line) => process.stderr.write(`${line}\n`),
    bindMigrationAwareSqlAdapterFactory(tolerant(factory)),
  )
}

const send = (message) =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const fail = (id, code, message) =>
  send({
    id,
    error: { code: 4466, message, data: { is_panic: false, message, error_code: code } },
  })

/** Makes Prisma's table where it is missing; the native engine refuses a database that others filled (P3005). */
async function prepareTable(method, params) {
  const tables = await listTables()
  if (tables.includes('_prisma_migrations')) return undefined
  const hasWork = params.migrationsList.migrationDirectories.length > 0
  if (method === 'applyMigrations' && tables.length > 0 && hasWork)
    return 'The database is not empty, and no migration of Tunboard was ever applied to it.'
  await withDatabase((database) => database.executeScript(MIGRATIONS_TABLE))
  return undefined
}

async function answer({ id, method, params }) {
  if (method === 'applyMigrations' || method === 'markMigrationApplied') {
    const refusal = await prepareTable(method, params)
    if (refusal) return fail(id, 'P3005', refusal)
  }
  if (method === 'reset') {
    await reset()
    return send({ id, result: {} })
  }
  engine ??= await startEngine()
  const result = (await engine[method === 'getDatabaseVersion' ? 'version' : method](params)) ?? {}
  if (method === 'diagnoseMigrationHistory')
    result.hasMigrationsTable &&= (await listTables()).includes('_prisma_migrations')
  // The native engine sends the text of a diff as a "print" request of its own.
  if (method === 'diff' && result.stdout)
    send({ id: 1_000_000 + id, method: 'print', params: { content: result.stdout } })
  send({ id, result })
}

function serve() {
  let queue = Promise.resolve()
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => {
    const message = JSON.parse(line)
    if (!message.method) return
    queue = queue
      .then(() => answer(message))
      .catch((error) => fail(message.id, error?.code, error?.message ?? String(error)))
  })
  lines.on('close', () => queue.then(() => process.exit(0)))
}

/** The CLI skips the first line of stderr and reads the rest as JSON log lines. */
function reportMissing() {
  const fields = { error_code: 'P1003', message: `Database ${file} does not exist` }
  const entry = { level: 'ERROR', target: 'schema_engine::logger', fields }
  process.stderr.write(`\n${JSON.stringify(entry)}\n`)
  process.exit(1)
}

async function createDatabase() {
  mkdirSync(dirname(file), { recursive: true })
  await withDatabase((database) => database.executeScript('PRAGMA journal_mode = WAL'))
}

// The CLI ends the engine with SIGTERM; the shadow database goes in the exit handler.
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0))
if (options.version) {
  console.log(`schema-engine-wasm ${GLUE}`)
} else if (positionals[0] !== 'cli') {
  serve()
} else if (positionals[1] === 'can-connect-to-database' && file && !existsSync(file)) {
  reportMissing()
} else if (positionals[1] === 'create-database' && file) {
  await createDatabase()
}
