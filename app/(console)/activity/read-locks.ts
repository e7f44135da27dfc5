import { getHostRefs } from '@/lib/db/hosts'
import { listLocks } from '@/lib/db/locks'

/** Reads the locks that are held now, with the names of their hosts. */
export async function readLocks() {
  const locks = await listLocks(new Date())
  const hosts = new Map((await getHostRefs(locks.map(({ name }) => name))).map((it) => [it.id, it]))
  return locks.map(({ name, owner, reason, generation, takenAt }) => ({
    ...{ hostId: name, host: hosts.get(name)?.name ?? name, owner, reason, generation },
    takenAt: takenAt.getTime(),
  }))
}

export type LockView = Awaited<ReturnType<typeof readLocks>>[number]
