import { TunboardError, Unreachable } from '@/lib/errors'
import type { Running } from '@/lib/lvs/running'
import type { Command, Fence } from './batch'
import { closeHost, withConnection } from './client'
import { assertHeld } from './fence'
import { parseParts, readRunning } from './read-running'
import { type CommandResult, type Done, runInShell, workInShell } from './run-batch'
import type { SshTarget } from './target'

/** Told of each command as it ends, with its place in the batch. */
export type OnResult = (result: CommandResult, index: number) => void

/**
 * Runs commands on a host in order, in one exchange over its warm shell, and stops at the first that fails (unless it
 * may fail): the rest is `skipped`. A connection lost on the way makes the rest `unknown`, it is no error. Batches of one
 * host wait for each other. Throws Unreachable when nothing was sent, InvalidInput when an argument cannot be quoted.
 */
export async function runBatch(
  target: SshTarget,
  commands: readonly Command[],
  onResult?: OnResult,
): Promise<CommandResult[]> {
  if (commands.length === 0) return []
  const options = {
    sudo: target.become === 'sudo',
    ...(onResult === undefined ? {} : { onResult }),
  }
  for (let attempt = 1; attempt <= 2; attempt++) {
    const results = await withConnection(target, async (connection) =>
      runInShell(await connection.shell(), commands, options),
    )
    if (results !== 'unsent') {
      // Whoever comes next must not wait for a shell that nobody understands any more.
      if (results.some(({ outcome }) => outcome === 'unknown')) closeHost(target.hostId)
      return results
    }
  }
  throw new Unreachable('closed', { host: target.name })
}

/** What a fenced batch came to: its results, and what the host said after them, or why that is not known. */
export type Fenced = { results: CommandResult[]; running: Running | TunboardError }

/** Reads again on its own where the reading after a batch was cut, or the table changed in the middle of it. */
async function runningAfter(target: SshTarget, done: Done, saved: boolean) {
  try {
    if (done.broken === undefined) return parseParts(done.parts, target.name, saved)
    return new Unreachable('closed', { host: target.name })
  } catch (error) {
    if (!(error instanceof TunboardError)) throw error
  }
  try {
    return await readRunning(target, { saved })
  } catch (error) {
    if (error instanceof TunboardError) return error
    throw error
  }
}

/**
 * Runs a batch as `runBatch` does, but only while this process holds the fence that it took by `readRunning`, and reads
 * the host after it, all in one exchange. Throws Conflict('fence-lost') where it holds it no more: no command ran;
 * Unreachable when nothing was sent, InvalidInput when an argument cannot be quoted.
 */
export async function runFenced(
  target: SshTarget,
  commands: readonly Command[],
  options: { fence: Fence; saved: boolean; onResult?: OnResult },
): Promise<Fenced> {
  const { fence, saved, onResult } = options
  const work = { fence: { ...fence, do: 'check' }, commands, read: { saved } } as const
  const how = { sudo: target.become === 'sudo', ...(onResult === undefined ? {} : { onResult }) }
  // a shell that is gone took the fence with it: there is no second try
  const done = await withConnection(target, async (connection) =>
    workInShell(await connection.shell(), work, how),
  )
  if (done.broken === 'unsent') throw new Unreachable('closed', { host: target.name })
  if (done.broken !== undefined) closeHost(target.hostId)
  assertHeld(done.parts, target.name, 'fence-lost')
  return { results: done.results, running: await runningAfter(target, done, saved) }
}
