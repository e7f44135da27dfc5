/** What share of new connections a scheduler promises each real server (LVS-TUN facts, docs/lvs-tun.md). */
export type Promised = 'equal' | 'weight' | 'least' | 'priority' | 'hash' | 'random'

export type SchedulerFact = {
  promises: Promised
  /** Flags that `-b` takes with this scheduler (ipvsadm(8)). */
  flags: readonly string[]
}

/** Every scheduler of Linux 6.12 (net/netfilter/ipvs/ip_vs_*.c), in the order in which operators reach for them. */
export const SCHEDULERS = {
  rr: { promises: 'equal', flags: [] },
  wrr: { promises: 'weight', flags: [] },
  lc: { promises: 'least', flags: [] },
  wlc: { promises: 'least', flags: [] },
  sh: { promises: 'hash', flags: ['sh-fallback', 'sh-port'] },
  mh: { promises: 'hash', flags: ['mh-fallback', 'mh-port'] },
  dh: { promises: 'hash', flags: [] },
  sed: { promises: 'priority', flags: [] },
  nq: { promises: 'priority', flags: [] },
  fo: { promises: 'priority', flags: [] },
  ovf: { promises: 'priority', flags: [] },
  lblc: { promises: 'hash', flags: [] },
  lblcr: { promises: 'hash', flags: [] },
  twos: { promises: 'random', flags: [] },
} as const satisfies Record<string, SchedulerFact>

export type Scheduler = keyof typeof SCHEDULERS

export const SCHEDULER_NAMES = Object.keys(SCHEDULERS) as [Scheduler, ...Scheduler[]]

/** Tells whether the kernel knows this name as a scheduler that Tunboard can set. */
export function isScheduler(name: string): name is Scheduler {
  return Object.hasOwn(SCHEDULERS, name)
}
