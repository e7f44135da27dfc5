import { Unreachable } from '@/lib/errors'
import type { Command } from './batch'
import { closeHost, withConnection } from './client'
import { type CommandResult, runInShell } from './run-batch'
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
