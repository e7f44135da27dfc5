import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { checkAll } from './check'
import type { Message, Order } from './child'
import { beginning, DEEDS, type Ended, OPERATORS, type World } from './interleave'
import type { Operating, Report } from './operator'
import { Scheduler } from './scheduler'

/** One process for each operator, for all cases. */
export type Processes = { children: readonly ChildProcess[]; end: () => void }

/** Starts a process for each operator. */
export function startProcesses(): Processes {
  const children = OPERATORS.map(() =>
    fork(join(import.meta.dirname, 'child.ts'), { execArgv: ['--import', 'tsx'] }),
  )
  return {
    children,
    end: () => {
      for (const child of children) child.disconnect()
    },
  }
}

const order = (child: ChildProcess, what: Order): void => {
  child.send(what)
}

/** Hears one child until it has ended; `onOther` gets what is not about its end. */
function hear(child: ChildProcess, onOther: (message: Message) => void): Promise<Report> {
  return new Promise((resolve, reject) => {
    const listen = (message: Message) => {
      onOther(message)
      if (message.kind !== 'ended' && message.kind !== 'broken') return
      child.off('message', listen)
      if (message.kind === 'ended') resolve(message.report)
      else reject(new Error(message.error))
    }
    child.on('message', listen)
  })
}

type Part = { ready: Promise<unknown>; report: Promise<Report> }

/** Lets a process operate; its turns are drawn with those of the other one. */
function begin(child: ChildProcess, url: string, operating: Operating, scheduler: Scheduler): Part {
  const report = hear(child, (message) => {
    if (message.kind === 'over') scheduler.over()
    if (message.kind !== 'wait') return
    const go = () => order(child, { kind: 'go', id: message.id })
    scheduler.ask({ party: operating.name, what: message.what, go })
  })
  const ready = new Promise<void>((resolve) => {
    child.on('message', function hearReady({ kind }: Message) {
      if (kind !== 'ready' && kind !== 'broken') return
      child.off('message', hearReady)
      resolve()
    })
  })
  order(child, { kind: 'operate', url, operating })
  return { ready, report }
}

/** Two operators in processes of their own on one database file, interleaved by the seed. */
export async function interleaveProcesses(
  world: World,
  { children }: Processes,
  seed: number,
): Promise<Ended> {
  const { fleet, clusterId } = world
  const url = await fleet.begin()
  const begun = await beginning(world)
  const scheduler = new Scheduler(seed)
  const parts = children.map((child, at) => {
    const name = OPERATORS[at] ?? ''
    const operating = { name, seed: seed * 2 + at, clusterId, lab: fleet.lab, deeds: DEEDS }
    return begin(child, url, operating, scheduler)
  })
  await Promise.all(parts.map(({ ready }) => ready))
  for (const { report } of parts) scheduler.join(report)
  await scheduler.run()
  const reports = await Promise.all(parts.map(({ report }) => report))
  return { reports, applies: await checkAll(fleet, begun, reports), trace: scheduler.trace }
}
