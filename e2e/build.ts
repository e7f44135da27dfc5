import { ensureBuild, ensureClient } from '../scripts/ready.mjs'

/** Builds what is stale before any test: files that start at once would each begin to build. */
// biome-ignore lint/style/noDefaultExport: Playwright calls the default export
export default async function build(): Promise<void> {
  await ensureClient()
  await ensureBuild()
}
