import { Conflict } from '@/lib/errors'
import type { Fence } from './batch'
import { withOpenConnection } from './client'
import { workInShell } from './run-batch'
import type { Part } from './sections'

/** What tb_lock and tb_fence of the prelude exit with where somebody else holds the fence, or nobody of us does. */
const NOT_OURS = 75

// sh -c … tunboard-fence-1f0c 4711 Ada: apply www
const HOLDER = /tunboard-fence-\S+ \d+ (.*)/

/**
 * Throws Conflict where an exchange told that the fence is not ours: `fence-held` (`holder`: who has it, `empty` where that
 * is no Tunboard) or `fence-lost`. A host without flock(1) holds nothing; refusals.ts says so.
 */
export function assertHeld(
  parts: ReadonlyMap<string, Part>,
  host: string,
  code: 'fence-held' | 'fence-lost',
): void {
  const fence = parts.get('fence')
  if (fence?.exit !== NOT_OURS) return
  const [, holder = ''] = HOLDER.exec(fence.stdout) ?? []
  throw new Conflict(code, { host, holder: holder.trim() || 'empty' })
}

/** Gives the fence of a host back where this process holds it; one that cannot be told falls by itself. */
export async function giveFence(hostId: string): Promise<void> {
  await withOpenConnection(hostId, async (connection) => {
    await workInShell(await connection.shell(), { give: true }, { sudo: false })
  })
}

/** Says that work goes on, before FENCE_SECONDS have passed since the last exchange. */
export async function keepFence(hostId: string, { token, who }: Fence): Promise<void> {
  await withOpenConnection(hostId, async (connection) => {
    await workInShell(
      await connection.shell(),
      { fence: { token, who, do: 'check' } },
      { sudo: false },
    )
  })
}
