import { useTestDatabase } from '@/lib/db/test-database'
import { closeAll } from '@/lib/ssh/client'
import { createTutorial, type Machine, registerLab } from './test-fleet'
import type { Lab } from './test-world'

type Fleet = { hosts: Record<keyof Lab, Machine>; close: () => Promise<void> }

/**
 * Starts a lab of fake hosts with a database of its own, its hosts registered as a person does, and the tutorial's cluster,
 * not applied; `stop` ends all of it.
 */
export async function useTestLab<Started extends Fleet>(
  start: () => Promise<Started>,
  login: { password: string },
) {
  const { remove } = await useTestDatabase()
  globalThis.tunboardSecretKey = Buffer.alloc(32, 1)
  const fleet = await start()
  const lab = await registerLab(fleet.hosts, login)
  const clusterId = await createTutorial(lab)
  const stop = async () => {
    await closeAll()
    await fleet.close()
    await remove()
  }
  return { fleet, lab, clusterId, stop }
}
