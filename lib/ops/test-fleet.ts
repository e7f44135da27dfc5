import { getApply } from '@/lib/db/applies'
import { parseForm } from '@/lib/lvs/form'
import { hostFormSchema } from '@/lib/lvs/host-form'
import { addHost } from './add-host'
import { applyPlan } from './apply-plan'
import { approveHostKey } from './approve-host-key'
import type { UndoChoice } from './arm-undo'
import type { Context } from './context'
import { createCluster } from './create-cluster'
import { planNow } from './plan-now'
import { testConnection } from './test-connection'
import { contextOf, type Lab, tutorialForm } from './test-world'

/** A host that answers SSH, and how one logs in. */
export type Machine = { port: number; fingerprint: string }
type Login = { password: string }

/** An operator whose time goes on: what waits for a deadline compares it with the clock. */
export const operator = (name = 'Ada'): Context => ({
  actor: contextOf(name).actor,
  now: () => new Date(),
})

const ada = operator()

async function register(name: string, { port, fingerprint }: Machine, { password }: Login) {
  const access = { name, address: '127.0.0.1', port, user: 'root' }
  const id = await addHost(
    ada,
    parseForm(hostFormSchema, { ...access, authKind: 'password', password }),
  )
  await approveHostKey(ada, { hostId: id, fingerprint })
  await testConnection(ada, id)
  return id
}

/** Adds the lab's four hosts as a person does: keys approved, each probed. */
export async function registerLab(
  machines: Record<keyof Lab, Machine>,
  login: Login,
): Promise<Lab> {
  return {
    director: await register('director', machines.director, login),
    server2: await register('server2', machines.server2, login),
    server3: await register('server3', machines.server3, login),
    server4: await register('server4', machines.server4, login),
  }
}

/** Most tests are not about timed undos, which would be armed and confirmed in each of their applies. */
export const WITHOUT: UndoChoice = { timer: 'without' }

/** Plans, applies and waits to the end of it, the watch after it too; returns the apply as the journal has it. */
export async function planAndApply(clusterId: string, context = ada, undo: UndoChoice = WITHOUT) {
  const { fingerprint } = await planNow(clusterId)
  const { applyId, done } = await applyPlan(context, { clusterId, fingerprint, undo })
  await done
  return getApply(applyId)
}

/** Creates the tutorial's cluster and returns its id. */
export const createTutorial = (lab: Lab, otherwise: Record<string, unknown> = {}) =>
  createCluster(ada, tutorialForm(lab, otherwise))
