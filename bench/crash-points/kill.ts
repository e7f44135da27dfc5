import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Runner } from './case'
import type { Order } from './child'

/** Applies in a process of its own, which is ended by a real SIGKILL when its step reaches the host. */
export const inOwnProcess: Runner = async ({ fleet, clusterId }, { shape }, onDeath) => {
  const child = fork(join(import.meta.dirname, 'child.ts'), { execArgv: ['--import', 'tsx'] })
  const exited = once(child, 'exit')
  onDeath(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const order: Order = { url: fleet.url(), clusterId, shape }
  child.send(order)
  await exited
}
