import { updateHostFacts } from '@/lib/db/hosts'
import { inTransaction } from '@/lib/db/transaction'
import type { ClusterForm } from '@/lib/lvs/cluster-form'
import { clusterFormSchema } from '@/lib/lvs/cluster-form'
import { parseForm } from '@/lib/lvs/form'
import type { HostFacts } from '@/lib/lvs/host-facts'
import { hostFormSchema } from '@/lib/lvs/host-form'
import type { Device } from '@/lib/lvs/running'
import { addHost } from './add-host'
import type { Context } from './context'

/** The moment at which everything of a test happens. */
export const NOW = new Date('2026-11-22T12:00:00.000Z')

/** A context of an operator; the same user id has the same name. */
export function contextOf(name = 'Ada'): Context {
  return { actor: { userId: `user-${name}`, name, role: 'operator' }, now: () => NOW }
}

const device = (name: string, addresses: readonly string[], loopback = false): Device => ({
  ...{ name, loopback, up: true },
  addresses: addresses.map((address) => ({ address, prefixLength: 24 })),
})

/** What a probe of a lab's node finds: its LAN address, and the management address that every node has. */
export function factsOf(name: string, lan: string): HostFacts {
  return {
    ...{ hostName: name, kernel: '6.1.0', architecture: 'x86_64', init: 'systemd', bootId: name },
    distribution: { id: 'debian', version: '12', name: 'Debian GNU/Linux 12 (bookworm)' },
    ...{ uptimeSeconds: 60, clockSeconds: 1795348800, user: 'root', privilege: 'root', sudo: '' },
    versions: { ipvsadm: '1:1.31-1', iproute: '6.1.0-3' },
    modules: { loaded: [], available: ['ip_vs', 'ipip'], builtin: [] },
    ...{ schedulers: [], sysctls: {}, effective: [], owners: [], tools: [], warnings: [] },
    ipvs: { state: 'absent' },
    devices: [
      device('lo', ['127.0.0.1', '::1'], true),
      device('mgmt', ['10.0.2.100']),
      device('eth0', [lan]),
    ],
  }
}

/** Adds a host of the lab, with a password that nobody uses, and returns its id; without an address it is not probed. */
export async function addLabHost(name: string, lan?: string): Promise<string> {
  const form = { name, address: '127.0.0.1', user: 'root', authKind: 'password', password: 'x' }
  const id = await addHost(contextOf(), parseForm(hostFormSchema, form))
  if (lan !== undefined) {
    await inTransaction((tx) => updateHostFacts(tx, id, factsOf(name, lan), NOW))
  }
  return id
}

/** The lab's director and three servers; ids by name. */
export async function addLab() {
  return {
    director: await addLabHost('director', '172.25.254.1'),
    server2: await addLabHost('server2', '172.25.254.2'),
    server3: await addLabHost('server3', '172.25.254.3'),
    server4: await addLabHost('server4', '172.25.254.4'),
  }
}
export type Lab = Awaited<ReturnType<typeof addLab>>

/** The tutorial's cluster as a person enters it, with some of it entered otherwise. */
export function tutorialForm(lab: Lab, otherwise: Record<string, unknown> = {}): ClusterForm {
  const service = { kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port: '80' }
  return parseForm(clusterFormSchema, {
    name: 'web',
    director: { hostId: lab.director, dip: '172.25.254.1' },
    service: { ...service, scheduler: 'rr' },
    realServers: [
      { hostId: lab.server2, rip: '172.25.254.2' },
      { hostId: lab.server3, rip: '172.25.254.3' },
    ],
    ...otherwise,
  })
}
