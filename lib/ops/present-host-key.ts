import { getHost } from '@/lib/db/hosts'
import { Unreachable } from '@/lib/errors'
import type { Host } from '@/lib/lvs/host'
import { type HostKey, readHostKey } from '@/lib/ssh/host-key'

/** Reads the key that a host shows; errors name the host as people know it. */
export async function readKeyOf({ name, address, port }: Host): Promise<HostKey> {
  try {
    return await readHostKey({ address, port })
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error
    throw new Unreachable(error.stage, { ...error.values, host: name }, { cause: error })
  }
}

/** What a person compares: the key that the host shows now, beside the one that was approved, if any. */
export type PresentedKey = { presented: HostKey; approved?: NonNullable<Host['hostKey']> }

/**
 * Reads the host key for a person to approve; no authentication takes place. Throws NotFound, and Unreachable
 * (dns, tcp, timeout, closed).
 */
export async function presentHostKey(hostId: string): Promise<PresentedKey> {
  const host = await getHost(hostId)
  const presented = await readKeyOf(host)
  return { presented, ...(host.hostKey !== undefined && { approved: host.hostKey }) }
}
