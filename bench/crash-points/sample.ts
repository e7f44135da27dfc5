import { expect, vi } from 'vitest'
import { runShare } from './share'

/** So many of the cases of `npm run prove -- crash-points` are in `npm test`, in two files that run side by side. */
const SAMPLE = 200
const FILES = 2
/** Always the same ones there, others in `npm run test:long`. */
const SEED = Number(process.env.SEED ?? 1)

/** Runs one file's part of the sample, and expects that nothing was hurt. */
export async function expectUnhurt(at: number): Promise<void> {
  // each of them is logged
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
  const sample = SAMPLE / FILES
  const { tallies } = await runShare({ at, of: FILES, seed: SEED, sample, kills: 0 })
  const problems = tallies.filter(({ failed }) => failed > 0)
  expect(problems, `seed ${SEED}`).toEqual([])
  expect(tallies.reduce((sum, { cases }) => sum + cases, 0)).toBe(sample)
}
