import fc from 'fast-check'
import { afterEach, beforeEach, expect } from 'vitest'

// The same cases each time, so that a red run tells of a change; `test:long` draws others, and a failure prints its seed.
fc.configureGlobal({ seed: Number(process.env.SEED ?? 1) })

// Output that no test asked for fails the test: it is a warning that somebody would have read.
// A test that expects output replaces the method itself: vi.spyOn(console, 'warn').mockImplementation(…).
const METHODS = ['debug', 'error', 'info', 'log', 'warn'] as const

type Line = { method: string; text: string }
const unexpected: Line[] = []
const stderr = process.stderr.write

beforeEach(() => {
  unexpected.length = 0
  for (const method of METHODS) {
    console[method] = (...args: unknown[]) =>
      unexpected.push({ method: `console.${method}`, text: args.map(String).join(' ') })
  }
  process.stderr.write = ((text: string | Uint8Array) => {
    unexpected.push({ method: 'stderr', text: String(text) })
    return true
  }) as typeof process.stderr.write
})

afterEach(() => {
  process.stderr.write = stderr
  expect(unexpected.splice(0), 'unexpected console output').toEqual([])
})
