import type { Step } from '@/lib/lvs/plan'
import type { FakeKernel } from '@/lib/testing/fake-kernel'
import type { FakeLabName } from '@/lib/testing/fake-lab'
import { type Fleet, foreignRules, NAMES } from '../fleet/fleet'
import type { Hosts, Snapshots } from './shapes'

/**
 * Satisfied is a predicate: where tunl0 is there already, an rp_filter of 0 stays; where it was to come, 2 was planned. To
 * what the cluster does they are one.
 */
function behaviourOf(kernel: FakeKernel): unknown {
  const fork = kernel.fork()
  const key = 'net/ipv4/conf/tunl0/rp_filter'
  if (fork.state.sysctls[key] === '0') fork.state.sysctls[key] = '2'
  return fork.snapshot()
}

/** Reads all hosts, with their files, in a form that is equal for equal behaviour. */
const snapshots = ({ hosts }: { hosts: Record<FakeLabName, { kernel: FakeKernel }> }): Snapshots =>
  Object.fromEntries(NAMES.map((name) => [name, behaviourOf(hosts[name].kernel)]))

/** What the director balances for us. */
const ownRules = ({ hosts }: Pick<Fleet, 'hosts'>): string =>
  hosts.director.kernel
    .fork()
    .exec(['ipvsadm', '-Sn'])
    .stdout.split('\n')
    .filter((line) => line.includes('172.25.254.10'))
    .join('\n')

function lookAfter({ hosts }: Fleet, steps: readonly Step[]): Snapshots {
  const forkOf = (name: FakeLabName) => ({ kernel: hosts[name].kernel.fork() })
  const copies = {
    ...{ director: forkOf('director'), server2: forkOf('server2') },
    ...{ server3: forkOf('server3'), server4: forkOf('server4') },
  }
  for (const { hostName, argv, stdin } of steps)
    if (argv.length > 0) copies[hostName as FakeLabName].kernel.exec(argv, stdin)
  return snapshots({ hosts: copies })
}

/** Fake hosts, as the checks look at them. */
export const fakeHosts = (fleet: Fleet): Hosts => ({
  ids: fleet.lab,
  reopen: fleet.reopen,
  exec: async (name, lines) => {
    for (const line of lines) fleet.hosts[name].kernel.exec(line.split(' '))
  },
  look: async () => snapshots(fleet),
  foreignRules: async () => foreignRules(fleet),
  ownRules: async () => ownRules(fleet),
  lookAfter: (steps) => lookAfter(fleet, steps),
  timers: {
    armed: () => NAMES.filter((name) => (fleet.hosts[name].kernel.state.undos ?? []).length > 0),
    fire() {
      for (const name of NAMES) fleet.hosts[name].kernel.fireUndos()
    },
  },
})
