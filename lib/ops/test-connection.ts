import { updateHostFacts } from '@/lib/db/hosts'
import { inTransaction } from '@/lib/db/transaction'
import { Unreadable } from '@/lib/errors'
import type { HostFacts } from '@/lib/lvs/host-facts'
import { parseProbe } from '@/lib/lvs/parse-probe'
import { readProbe } from '@/lib/ssh/probe'
import type { SshTarget } from '@/lib/ssh/target'
import type { Context } from './context'
import { recordEvent } from './record-event'
import { sshTarget } from './ssh-target'

/** Probes a host; errors name it as people know it. */
async function readFacts(target: SshTarget): Promise<HostFacts> {
  const { output, nonce } = await readProbe(target)
  try {
    return parseProbe(output, nonce)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    throw new Unreadable(error.reason, { ...error.values, host: target.name }, { cause: error })
  }
}

/**
 * Connects to a host, probes it whole, and remembers what it is. Changes nothing on the host.
 * Throws Unreachable, Unreadable and NotFound.
 */
export async function testConnection(context: Context, hostId: string): Promise<HostFacts> {
  const target = await sshTarget(hostId)
  const facts = await readFacts(target)
  await inTransaction(async (tx) => {
    await updateHostFacts(tx, hostId, facts, context.now())
    const detail = {
      name: target.name,
      distribution: facts.distribution.name,
      kernel: facts.kernel,
    }
    await recordEvent(tx, context, 'test-connection', { subject: `host:${hostId}`, detail })
  })
  return facts
}
