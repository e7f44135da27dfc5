import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { createClient } from '@libsql/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MigrationFailed, migrate, readMigrations } from './migrate'

// These are the tools that stand in for downloads (ADR 0002); Prisma may change what they rely on at any release.
const run = promisify(execFile)
const root = mkdtempSync(join(tmpdir(), 'tunboard-migrate-'))
afterAll(() => rmSync(root, { recursive: true }))

let count = 0
function makeFolder(): string {
  count += 1
  const folder = join(root, String(count))
  mkdirSync(folder)
  return folder
}

function makeMigrations(scripts: Record<string, string>): string {
  const folder = makeFolder()
  for (const [name, sql] of Object.entries(scripts)) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'migration.sql'), sql)
  }
  return folder
}

async function query(url: string, sql: string) {
  const client = createClient({ url })
  const { rows } = await client.execute(sql)
  client.close()
  return rows.map((row) => Object.values(row))
}

const SCHEMA = `generator client {
  provider = "prisma-client"
  output   = "./generated"
}
datasource db {
  provider = "sqlite"
}
model Parent {
  id       Int     @id
  children Child[]
}
model Child {
  id       Int    @id
  parent   Parent @relation(fields: [parentId], references: [id], onDelete: Cascade)
  parentId Int
}
`

/** A Prisma project of its own, with a copy of the stand-in engine's settings. */
async function makeProject(schema = SCHEMA) {
  const folder = makeFolder()
  mkdirSync(join(folder, 'prisma'))
  writeFileSync(join(folder, 'prisma/schema.prisma'), schema)
  const config = {
    schema: 'prisma/schema.prisma',
    migrations: { path: 'prisma/migrations' },
    datasource: { url: `file:${folder}/by-prisma.db` },
  }
  const engine = resolve('scripts/schema-engine.mjs')
  writeFileSync(
    join(folder, 'prisma.config.mjs'),
    `process.env.PRISMA_SCHEMA_ENGINE_BINARY = ${JSON.stringify(engine)}
    export default ${JSON.stringify(config)}`,
  )
  const prisma = async (...args: string[]) => {
    const { stdout } = await run(resolve('node_modules/.bin/prisma'), args, {
      cwd: folder,
    })
    return stdout
  }
  return { folder, prisma, migrations: join(folder, 'prisma/migrations') }
}

test('the Prisma CLI makes and applies migrations with the stand-in engine, and the applier agrees', async () => {
  const { folder, prisma, migrations } = await makeProject()
  await prisma('migrate', 'dev', '--name', 'init')
  expect(readdirSync(migrations).filter((name) => name.endsWith('_init'))).toHaveLength(1)

  writeFileSync(
    join(folder, 'prisma/schema.prisma'),
    SCHEMA.replace('id       Int     @id', 'id Int @id\n  name String @default("x")'),
  )
  await prisma('migrate', 'dev', '--name', 'name', '--create-only')
  expect(await prisma('migrate', 'deploy')).toContain('_name')

  const [byUs, byPrisma] = [`file:${folder}/by-us.db`, `file:${folder}/by-prisma.db`]
  expect(await migrate({ url: byUs, folder: migrations })).toHaveLength(2)
  const tables = `SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name`
  expect(await query(byUs, tables)).toEqual(await query(byPrisma, tables))
  const rows = 'SELECT migration_name, checksum FROM _prisma_migrations ORDER BY 1'
  expect(await query(byUs, rows)).toEqual(await query(byPrisma, rows))

  // Prisma reads what we applied as its own, and we read what Prisma applied as ours.
  cpSync(join(folder, 'by-us.db'), join(folder, 'by-prisma.db'))
  expect(await prisma('migrate', 'status')).toContain('up to date')
  expect(await prisma('migrate', 'deploy')).toContain('No pending migrations')
  expect(await migrate({ url: byPrisma, folder: migrations })).toEqual([])
}, 60_000)

test('prisma migrate diff finds no difference between our migrations and our schema', async () => {
  const { prisma } = await makeProject()
  const diff = (...to: string[]) =>
    prisma('migrate', 'diff', '--exit-code', '--from-migrations', ours, ...to)
  const ours = resolve('prisma/migrations')
  expect(await diff('--to-schema', resolve('prisma/schema.prisma'))).toContain(
    'No difference detected',
  )
  await expect(diff('--to-empty')).rejects.toMatchObject({ code: 2 })
}, 60_000)

test('two processes that start at once apply each migration once', async () => {
  const many = Array.from({ length: 20 }, (_, i) => [
    `${String(i).padStart(4, '0')}_t`,
    `CREATE TABLE t${i} (x);`,
  ])
  const folder = makeMigrations(Object.fromEntries(many))
  const url = `file:${makeFolder()}/shared.db`
  const script = `import { tsImport } from 'tsx/esm/api'
    const { migrate } = await tsImport('./lib/db/migrate.ts', import.meta.url)
    process.stdout.write(String((await migrate(${JSON.stringify({ url, folder })})).length))`
  const starts = [1, 2, 3].map(() =>
    run(process.execPath, ['--input-type=module', '-e', script], { cwd: resolve('.') }),
  )
  const counts = (await Promise.all(starts)).map(({ stdout }) => Number(stdout))
  expect(counts.reduce((sum, each) => sum + each)).toBe(20)
  expect(await query(url, 'SELECT count(*) FROM _prisma_migrations')).toEqual([[20]])
  expect(await query(url, 'PRAGMA journal_mode')).toEqual([['wal']])
}, 60_000)

let good: string
beforeAll(() => {
  good = makeMigrations({ '0001_init': 'CREATE TABLE a (x); INSERT INTO a VALUES (1);' })
})

test('a migration that fails leaves nothing of itself, and a repaired one is applied later', async () => {
  const url = `file:${makeFolder()}/test.db`
  await migrate({ url, folder: good })
  const folder = makeMigrations({
    '0002_bad': 'CREATE TABLE b (x); INSERT INTO nowhere VALUES (1);',
  })
  cpSync(good, folder, { recursive: true })
  await expect(migrate({ url, folder })).rejects.toThrow('0002_bad failed, nothing of it is kept')
  expect(await query(url, `SELECT name FROM sqlite_master WHERE name = 'b'`)).toEqual([])
  writeFileSync(join(folder, '0002_bad/migration.sql'), 'CREATE TABLE b (x);')
  expect(await migrate({ url, folder })).toEqual(['0002_bad'])
})

test('redefining a table keeps the rows that would go with it by cascade', async () => {
  const url = `file:${makeFolder()}/test.db`
  const folder = makeMigrations({
    '0001_init': `CREATE TABLE p (id INTEGER PRIMARY KEY);
      CREATE TABLE c (p INTEGER REFERENCES p (id) ON DELETE CASCADE);
      INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);`,
    '0002_redefine': `PRAGMA defer_foreign_keys=ON;
      PRAGMA foreign_keys=OFF;
      CREATE TABLE "new_p" (id INTEGER PRIMARY KEY, name TEXT);
      INSERT INTO "new_p" (id) SELECT id FROM p;
      DROP TABLE p;
      ALTER TABLE "new_p" RENAME TO "p";
      PRAGMA foreign_keys=ON;
      PRAGMA defer_foreign_keys=OFF;`,
  })
  await migrate({ url, folder })
  expect(await query(url, 'SELECT p FROM c')).toEqual([[1]])
})

test('a migration that was edited after it was applied is refused', async () => {
  const url = `file:${makeFolder()}/test.db`
  await migrate({ url, folder: good })
  const edited = makeMigrations({ '0001_init': 'CREATE TABLE a (y);' })
  await expect(migrate({ url, folder: edited })).rejects.toThrow(MigrationFailed)
})

test('a database of a newer version is refused', async () => {
  const url = `file:${makeFolder()}/test.db`
  await migrate({ url, folder: good })
  await expect(migrate({ url, folder: makeFolder() })).rejects.toThrow('newer Tunboard')
})

test('our own migrations apply to an empty database in a folder that is not there yet', async () => {
  const url = `file:${makeFolder()}/new/tunboard.db`
  const names = readMigrations('prisma/migrations').map(({ name }) => name)
  expect(names.length).toBeGreaterThan(0)
  expect(await migrate({ url, folder: 'prisma/migrations' })).toEqual(names)
})
