import { fileURLToPath } from 'node:url'
import { defineConfig } from 'prisma/config'
import { env } from './lib/env'

// Prisma 7 downloads its native schema engine at first use, without which not even `generate` runs.
// Ours needs no network (ADR 0002). Whoever has the native one sets the variable himself.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(
  new URL('./scripts/schema-engine.mjs', import.meta.url),
)

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: env().databaseUrl },
})
