import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Proof, Row } from './figure'

/** Three kinds of hosts: each is set up and saved by clicking, then loses power twice. */
const GOAL = 9

const specSchema = z.object({ title: z.string(), ok: z.boolean() })
const suiteSchema = z.object({
  title: z.string(),
  specs: z.array(specSchema).default([]),
  get suites() {
    return z.array(suiteSchema).default([])
  },
})
type Suite = z.infer<typeof suiteSchema>

const rowsOf = ({ title, specs, suites }: Suite): Row[] => [
  ...specs.map((spec) => ({ hosts: title, case: spec.title, failed: spec.ok ? 0 : 1 })),
  ...suites.flatMap(rowsOf),
]

/** Runs the browser tests of e2e/long/reboot.e2e.ts and reads what came of each. */
async function runTests(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tunboard-reboot-'))
  const file = join(folder, 'report.json')
  const args = ['playwright', 'test', '--project=long', 'reboot', '--reporter=list,json']
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: file }
  const tests = spawn('npx', args, { env, stdio: 'inherit' })
  await new Promise((resolve) => tests.once('close', resolve))
  const report: unknown = JSON.parse(readFileSync(file, 'utf8'))
  rmSync(folder, { recursive: true })
  return z
    .object({ suites: z.array(suiteSchema) })
    .parse(report)
    .suites.flatMap(rowsOf)
}

export const figure: Proof = {
  name: 'reboot',
  about:
    'set up and saved by clicking, every host loses power twice, requests alternate again by themselves',
  async run({ seed }) {
    const rows = await runTests()
    const failed = rows.filter((row) => row.failed !== 0).length
    return {
      rows,
      result: {
        cases: rows.length,
        failed,
        seed,
        goal: GOAL,
        pass: failed === 0 && rows.length >= GOAL,
      },
    }
  },
}
