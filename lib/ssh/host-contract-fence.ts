import assert from 'node:assert/strict'
import { Conflict } from '@/lib/errors'
import { closeHost } from './client'
import { giveFence } from './fence'
import { readRunning } from './read-running'
import { runFenced } from './run'
import type { SshTarget } from './target'

type Clause = { name: string; check: (target: SshTarget) => Promise<void> }

const fence = (token: string) => ({ token, who: `contract ${token}` })
/** A second connection to the same host, as another Tunboard has. */
const other = (target: SshTarget): SshTarget => ({ ...target, hostId: `${target.hostId} again` })

async function refusal(work: Promise<unknown>): Promise<Conflict> {
  const problem = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  assert.ok(problem instanceof Conflict, `not refused: ${String(problem)}`)
  return problem
}

async function withTwo(
  target: SshTarget,
  check: (rival: SshTarget) => Promise<void>,
): Promise<void> {
  const rival = other(target)
  try {
    await check(rival)
  } finally {
    await giveFence(target.hostId)
    closeHost(rival.hostId)
  }
}

/** Asks again and again: what holds the fence ends a moment after its connection. */
async function taken(target: SshTarget): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await readRunning(target, { fence: fence('b3'), give: true })
      return
    } catch (error) {
      if (!(error instanceof Conflict) || tries === 50) throw error
    }
  }
}

/** How every host keeps two apart who would change it at once. */
export const FENCE_CLAUSES: readonly Clause[] = [
  {
    name: 'the fence is held by one connection at a time, who is told by name, and is free once it is given back',
    check: (target) =>
      withTwo(target, async (rival) => {
        await readRunning(target, { fence: fence('a1') })
        const { reason, values } = await refusal(readRunning(rival, { fence: fence('b1') }))
        assert.deepEqual([reason, values.holder], ['fence-held', 'contract a1'])
        await readRunning(target, { give: true })
        await readRunning(rival, { fence: fence('b1'), give: true })
      }),
  },
  {
    name: 'a batch runs under the fence of its own apply alone, and is read back in the same exchange',
    check: (target) =>
      withTwo(target, async () => {
        await readRunning(target, { fence: fence('a2') })
        const say = [{ argv: ['true'] }]
        const done = await runFenced(target, say, { fence: fence('a2'), saved: false })
        assert.equal(done.results[0]?.exit, 0)
        assert.ok('modules' in done.running)
        const late = runFenced(target, say, { fence: fence('z2'), saved: false })
        assert.equal((await refusal(late)).reason, 'fence-lost')
      }),
  },
  {
    name: 'the fence falls with the connection that held it',
    check: (target) =>
      withTwo(target, async (rival) => {
        await readRunning(rival, { fence: fence('a3') })
        closeHost(rival.hostId)
        await taken(target)
      }),
  },
]
