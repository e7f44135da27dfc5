import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Gives all tests one temporary folder, and deletes it with whatever a worker that was ended left in it. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'tunboard-vitest-'))
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
