import { setImmediate as nextTurn } from 'node:timers/promises'
import { openDatabase } from '@/lib/db/client'
import { sshTarget } from '@/lib/ops/ssh-target'
import { closeAll, connectHost } from '@/lib/ssh/client'
import { SECRET_KEY } from '../fleet/fleet'
import { createGate, gateConnections, gatedDatabase } from './gate'
import { type Operating, operate, type Report } from './operator'

/** What the process that decides who goes next tells this one. */
export type Order =
  | { kind: 'operate'; url: string; operating: Operating }
  | { kind: 'go'; id: number }

/** What this process tells: it waits for a turn, its turn is over, its operator is ready. */
export type Message =
  | { kind: 'ready' }
  | { kind: 'wait'; id: number; what: string }
  | { kind: 'over' }
  | { kind: 'ended'; report: Report }
  | { kind: 'broken'; error: string }

const tell = (message: Message) => process.send?.(message)

const turns = new Map<number, () => void>()
let count = 0

const gate = createGate(
  ({ what, go }) => {
    count += 1
    turns.set(count, go)
    tell({ kind: 'wait', id: count, what })
  },
  () => {
    settling = settled()
  },
)
let settling: Promise<void> = Promise.resolve()

/** A turn is over when all that follows from it waits again. */
async function settled(): Promise<void> {
  for (let round = 0; round < 2; round++) await nextTurn()
  tell({ kind: 'over' })
}

/** Opens the case's database, connects to its hosts, and then stops before each step as the other one does. */
async function work({ url, operating }: Extract<Order, { kind: 'operate' }>): Promise<void> {
  const client = openDatabase(url)
  globalThis.tunboardDatabase = client
  for (const hostId of Object.values(operating.lab)) await connectHost(await sshTarget(hostId))
  await gateConnections(gate)
  globalThis.tunboardDatabase = gatedDatabase(client, gate)
  tell({ kind: 'ready' })
  const report = await gate.as(operating.name, () => operate(operating))
  await settling
  await client.$disconnect()
  tell({ kind: 'ended', report })
}

globalThis.tunboardSecretKey = SECRET_KEY
process.on('disconnect', () => void closeAll().then(() => process.exit(0)))
process.on('message', (order: Order) => {
  if (order.kind === 'go') turns.get(order.id)?.()
  else work(order).catch((error: unknown) => tell({ kind: 'broken', error: String(error) }))
})
