import { spawn } from 'node:child_process'
import { expect, test } from '@playwright/test'

// About 70 cases, each with an apply that is disturbed and one that follows it, on kernels that take seconds for either.
test.setTimeout(3_600_000)

test('whatever goes wrong at whichever step on real kernels, nothing is hurt', async () => {
  const seed = process.env.SEED ?? '1'
  const args = ['tsx', 'scripts/figures.ts', 'prove', 'crash-points-lab', `--seed=${seed}`]
  const proof = spawn('npx', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  proof.stdout.on('data', (chunk) => {
    said += String(chunk)
  })
  const exit = await new Promise((resolve) => proof.once('close', resolve))
  expect(exit, said).toBe(0)
})
