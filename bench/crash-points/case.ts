import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Step } from '@/lib/lvs/plan'
import { sshTarget } from '@/lib/ops/ssh-target'
import { operator } from '@/lib/ops/test-fleet'
import { connectHost } from '@/lib/ssh/client'
import { quote } from '@/lib/ssh/quote'
import type { Broken, Exchange, WarmShell } from '@/lib/ssh/shell'
import type { FakeHost } from '@/lib/testing/fake-host'
import type { Output } from '@/lib/testing/fake-kernel/state'
import type { FakeLabName } from '@/lib/testing/fake-lab'
import { wrapConnections } from '../fleet/connections'
import { type Fleet, NAMES } from '../fleet/fleet'
import { ACTS, type Fault, isOfLine, type When } from './faults'
import { type Life, live, mortal, mortalShell } from './life'
import { changeTo, type ShapeName, start, type World } from './shapes'

/** One fault at one step of one plan. `step`: its place among the steps. */
export type Case = { shape: ShapeName; step: Step; at: number; fault: Fault; when: When }

/** What a case did: `reached` = the fault came; `emptied`: services that had no entry for a moment. */
export type Happened = {
  reached: boolean
  killed: boolean
  emptied: string[]
  /** Hears when the fault has come. */
  onReached: () => void
}

/** A host that says nothing more: instead of the 20 s and more that the exchange would wait. What was said must arrive. */
const SILENT_MS = 50

export type FakeWorld = World & { fleet: Fleet }

/** How the process that applies is run, and ended: in this process, or in one of its own. */
export type Runner = (
  world: FakeWorld,
  each: Case,
  onDeath: (kill: () => Promise<void>) => void,
) => Promise<void>

const bare = (argv: readonly string[]): string =>
  argv.join(' ').replace(/^((timeout|sudo)( (-\S+|\d+))* )+/, '')

/** Tells whether a command carries a step out, on its own or as a line of `ipvsadm -R`. */
function carries({ argv, stdin }: Step, command: readonly string[], input: string): boolean {
  if (bare(command) === 'ipvsadm -R' && argv[1] !== '-R')
    return input.split('\n').includes(argv.slice(1).join(' '))
  return bare(command) === argv.join(' ') && (stdin === undefined || stdin.trim() === input.trim())
}

/** The services that must have an entry all the time: they had one, and are still desired. */
export const LIVE = ['172.25.254.100:53', '172.25.254.100:123', '172.25.254.100:5353']

function emptyNow({ kernel }: FakeHost): string[] {
  const services = kernel.state.ipvs?.services ?? []
  return services
    .filter(({ address, port }) => LIVE.includes(`${address}:${port}`))
    .filter(({ destinations }) => destinations.length === 0)
    .map(({ address, port }) => `${address}:${port}`)
}

type Death = { of: () => Promise<void>; onDead: () => void }

/** Has every host ask the case about each command: the one that carries the step out meets its fault, once. */
function arm(
  world: FakeWorld,
  { step, fault, when }: Case,
  happened: Happened,
  death: Death,
): void {
  const { hosts } = world.fleet
  for (const name of NAMES) {
    const host = hosts[name]
    host.setDecide((argv, stdin, run) => {
      const due =
        !happened.reached &&
        !isOfLine(fault) &&
        name === step.hostName &&
        carries(step, argv, stdin)
      const output = due ? meet(host, run) : run()
      if (fault !== 'rebooted' || !happened.reached)
        happened.emptied.push(...emptyNow(hosts.director))
      return output
    })
  }
  function meet(host: FakeHost, run: () => Output) {
    happened.reached = true
    setTimeout(() => happened.onReached(), SILENT_MS)
    if (fault !== 'killed')
      return fault === 'reset before send' ? run() : ACTS[fault](host, run, when)
    happened.killed = true
    const output = ACTS.killed(host, run, when)
    for (const name of NAMES) hosts[name].drop()
    death.of().then(death.onDead, death.onDead)
    return output
  }
}

export async function untilClosed(shell: WarmShell): Promise<void> {
  while (!shell.closed) await nextTurn()
}

/** Tells whether a script carries the step out on a host. */
export function isIn({ hostName, argv }: Step, host: string, script: string): boolean {
  if (host !== hostName || argv.length === 0) return false
  return script.includes(quote(argv)) || script.includes(`\n${argv.slice(1).join(' ')}\n`)
}

/** Cuts the line before an exchange, which then is never sent, or after it. */
async function cut(world: FakeWorld, { step, when }: Case, shell: WarmShell, exchange: Exchange) {
  const told = when === 'after' ? await shell.exchange(exchange) : undefined
  world.fleet.hosts[step.hostName as FakeLabName].drop()
  await untilClosed(shell)
  return when === 'after' ? told : shell.exchange(exchange)
}

/** Ends an exchange as its deadline would, soon after the host has fallen silent. */
function giveUp(happened: Happened, shell: WarmShell, exchange: Exchange) {
  const silence = new Promise<Broken>((resolve) => {
    happened.onReached = () => {
      shell.close()
      resolve('deadline')
    }
  })
  return Promise.race([shell.exchange(exchange), silence])
}

/** Wraps a shell: the line is cut around the exchange that holds the step, and silence is short. */
function wrap(world: FakeWorld, each: Case, happened: Happened) {
  const isSilent = each.fault === 'silence' || each.fault === 'truncated reply'
  return (shell: WarmShell, name: string): WarmShell =>
    mortalShell(shell, (exchange) => {
      const holds = isIn(each.step, name, exchange.script('0'.repeat(32)))
      if (!holds || happened.reached) return shell.exchange(exchange)
      if (isSilent) return giveUp(happened, shell, exchange)
      if (!isOfLine(each.fault)) return shell.exchange(exchange)
      happened.reached = true
      return cut(world, each, shell, exchange)
    })
}

/** Applies in this process; killed, it is cut off from the database and the hosts where it stands. */
export const inProcess = async (
  { clusterId }: World,
  { shape }: Pick<Case, 'shape'>,
  onDeath: (kill: () => Promise<void>) => void,
): Promise<void> => {
  const life: Life = { dead: false, statements: 0 }
  onDeath(async () => {
    life.dead = true
    // a statement that was sent is carried out, also where nobody waits for it any more
    while (life.statements > 0) await nextTurn()
  })
  await live(life, async () => {
    const { done } = await start(operator(), clusterId, shape)
    await done
  })
}

/** Puts everything back, makes the change, and lets the fault come while it is applied. */
export async function happen(world: FakeWorld, each: Case, run: Runner): Promise<Happened> {
  const { fleet } = world
  await fleet.begin(mortal)
  await changeTo(world, each.shape)
  for (const name of NAMES) await connectHost(await sshTarget(fleet.lab[name]))
  const happened: Happened = {
    ...{ reached: false, killed: false, emptied: [] },
    onReached: () => undefined,
  }
  await wrapConnections(wrap(world, each, happened))
  let of: Death['of'] = async () => undefined
  const dead = new Promise<void>((onDead) => {
    arm(world, each, happened, { of: () => of(), onDead })
  })
  const ended = run(world, each, (kill) => {
    of = kill
  })
  ended.catch(() => undefined)
  await Promise.race([ended, dead])
  if (!happened.killed) await ended
  for (const name of NAMES) {
    fleet.hosts[name].setDecide(undefined)
    await fleet.hosts[name].setMisbehaviour(undefined)
  }
  return happened
}
