import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import { sshTarget } from '@/lib/ops/ssh-target'
import { connectHost } from '@/lib/ssh/client'
import type { Broken, Exchange, WarmShell } from '@/lib/ssh/shell'
import type { FakeLabName } from '@/lib/testing/fake-lab'
import { wrapConnections } from '../fleet/connections'
import { NAMES } from '../fleet/fleet'
import { type Case, type Happened, inProcess, isIn, untilClosed } from './case'
import type { CutProxy } from './cut-proxy'
import { FAULTS, type Fault, WHENS } from './faults'
import type { LabWorld } from './lab-hosts'
import { mortal, mortalShell } from './life'
import { changeTo } from './shapes'

/** A script of a few commands is through by then, on a kernel that is a process of a busy machine too. */
const SILENT_MS = 2500

/** A host's word for a live service whose next line is not an entry of it. */
const WATCH = `
cat >/run/watch <<'END'
while :; do
  awk '/^(TCP|UDP|FWM)/ { if (live) print live; live = "" }
    /^UDP  ACFEFE64:(0035|007B|14E9) / { live = $2 }
    /^  ->/ { live = "" }
    END { if (live) print live }' /proc/net/ip_vs >>/run/emptied
  sleep 0.03
done
END
rm -f /run/emptied
setsid -f sh /run/watch >/dev/null 2>&1 </dev/null; echo started`
const HEARD = 'pkill -f /run/watch; sort -u /run/emptied 2>/dev/null; true'

const HEAL = 'rm -f /root/fill; cp -a /root/etc/sudoers /etc/sudoers'

type At = {
  world: LabWorld
  each: Case
  host: FakeLabName
  line: CutProxy
  shell: WarmShell
  exchange: Exchange
  die: () => void
}
type Act = (at: At) => Promise<Broken | undefined>

async function cut({ line, shell }: At): Promise<void> {
  line.drop()
  await untilClosed(shell)
  line.set('open')
}

/** Waits as long as the exchange does, which is not long, and then cuts the line that has lost bytes. */
async function giveUp(at: At): Promise<Broken | undefined> {
  const told = await at.shell.exchange({ ...at.exchange, deadlineMs: SILENT_MS })
  await cut(at)
  return told
}

const before = async (at: At, work: (at: At) => Promise<unknown>): Promise<Broken | undefined> => {
  if (at.each.when === 'before') await work(at)
  const told = await at.shell.exchange(at.exchange)
  if (at.each.when === 'after') await work(at)
  return told
}

/** What real hosts, their lines and our process do; what is not here only a fake host can do when it is told to. */
const ACTS: Partial<Record<Fault, Act>> = {
  'reset before send': (at) => before(at, cut),
  async 'reset before reply'(at) {
    at.line.set('no replies')
    const told = at.shell.exchange(at.exchange)
    await at.line.said()
    if (at.each.when === 'after') await wait(SILENT_MS)
    await cut(at)
    return told
  },
  silence(at) {
    at.line.set(at.each.when === 'before' ? 'no requests' : 'no replies')
    return giveUp(at)
  },
  'truncated reply'(at) {
    at.line.set({ bytes: at.each.when === 'before' ? 90 : 600 })
    return giveUp(at)
  },
  'sudo denied': (at) =>
    before(at, ({ world, host }) => world.sh(host, `sed -i '/^student/d' /etc/sudoers`)),
  'disk full': (at) =>
    before(at, ({ world, host }) =>
      world.sh(host, 'dd if=/dev/zero of=/root/fill bs=1M 2>/dev/null; sync; true'),
    ),
  rebooted: (at) =>
    before(at, async ({ world, host, ...rest }) => {
      await world.lab.powerOff(host)
      await cut({ world, host, ...rest })
    }),
  killed: (at) => before(at, async ({ die }) => die()),
}

const canCome = ({ shape, step, fault, when }: Case, place: number): boolean => {
  if (ACTS[fault] === undefined || (fault === 'sudo denied' && when === 'after')) return false
  if (fault === 'disk full') return step.kind === 'file' && when === 'before'
  // a node takes some seconds to boot
  if (fault === 'rebooted') return ['add', 'repair', 'weight'].includes(shape) && place === 0
  return true
}

/** One step of each shape for each fault that real hosts can have, drawn by `random`. */
export function drawLabCases(cases: readonly Case[], random: () => number): Case[] {
  const groups = FAULTS.flatMap((fault) =>
    WHENS.map((when) => cases.filter((each) => each.fault === fault && each.when === when)),
  )
  return groups.flatMap((of) => {
    const can = of.filter(canCome)
    return can[Math.floor(random() * can.length)] ?? []
  })
}

/** Puts everything back, makes the change, and lets the fault come while it is applied. */
export async function happenOnLab(world: LabWorld, each: Case): Promise<Happened> {
  await world.begin(mortal)
  await changeTo(world, each.shape)
  for (const name of NAMES) await connectHost(await sshTarget(world.hosts.ids[name]))
  await world.sh('director', WATCH)
  const happened: Happened = {
    ...{ reached: false, killed: false, emptied: [] },
    onReached: () => undefined,
  }
  let kill = (): Promise<void> => Promise.resolve()
  let die: () => void = () => undefined
  const dead = new Promise<void>((resolve, reject) => {
    die = () => {
      happened.killed = true
      kill().then(resolve, reject)
    }
  })
  const act = ACTS[each.fault]
  const wrap = (shell: WarmShell, name: string): WarmShell =>
    mortalShell(shell, async (exchange) => {
      const holds = isIn(each.step, name, exchange.script('0'.repeat(32)))
      if (!holds || happened.reached || act === undefined) return shell.exchange(exchange)
      happened.reached = true
      const host = name as FakeLabName
      const told = await act({ world, each, host, line: world.proxies[host], shell, exchange, die })
      while (happened.killed) await nextTurn()
      return told
    })
  await wrapConnections(wrap)
  const ended = inProcess(world, each, (how) => {
    kill = how
  })
  ended.catch(() => undefined)
  await Promise.race([ended, dead])
  if (happened.killed) for (const name of NAMES) world.proxies[name].drop()
  else await ended
  await Promise.all(NAMES.map((name) => world.lab.powerOn(name)))
  await Promise.all(NAMES.map((name) => world.sh(name, HEAL)))
  happened.emptied.push(...(await world.sh('director', HEARD)).split('\n').filter(Boolean))
  return happened
}
