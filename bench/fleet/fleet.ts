import type { PrismaClient } from '@/lib/db/generated/client'
import { useTestDatabase } from '@/lib/db/test-database'
import { registerLab } from '@/lib/ops/test-fleet'
import type { Lab } from '@/lib/ops/test-world'
import { closeAll } from '@/lib/ssh/client'
import type { KernelState } from '@/lib/testing/fake-kernel/state'
import { type FakeLab, type FakeLabName, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import { keepDatabase } from './case-database'

/** What other people run on the director: it must be there, byte for byte, after every case. */
const FOREIGN = [
  'ipvsadm -A -t 172.25.254.200:443 -s wlc -p 600',
  'ipvsadm -a -t 172.25.254.200:443 -r 172.25.254.3:443 -i -w 7 -x 90',
  'ipvsadm -A -f 7 -s sh -b sh-port',
  'ipvsadm -a -f 7 -r 172.25.254.4 -m -w 0',
]

/** The installation's secret of every case; any 32 bytes do. */
export const SECRET_KEY = Buffer.alloc(32, 1)

type Kernels = Record<FakeLabName, KernelState>

/** Fake hosts and a database that every case finds as the first one did. */
export type Fleet = {
  hosts: FakeLab['hosts']
  lab: Lab
  /** Makes now the beginning of every case that follows. */
  keep(): Promise<void>
  /** Puts hosts and database back to what was kept; `wrap` is what `database()` gives. Returns the database's URL. */
  begin(wrap?: (client: PrismaClient) => PrismaClient): Promise<string>
  /** Opens the database of this case anew, as another process does. */
  reopen(wrap?: (client: PrismaClient) => PrismaClient): Promise<void>
  /** The database of this case, for another process. */
  url(): string
  close(): Promise<void>
}

const kernelsOf = ({ hosts }: FakeLab): Kernels => ({
  director: structuredClone(hosts.director.kernel.state),
  server2: structuredClone(hosts.server2.kernel.state),
  server3: structuredClone(hosts.server3.kernel.state),
  server4: structuredClone(hosts.server4.kernel.state),
})

function putBack(state: KernelState, kept: KernelState): void {
  delete state.ipvs
  delete state.undos
  Object.assign(state, structuredClone(kept))
}

export const NAMES: readonly FakeLabName[] = ['director', 'server2', 'server3', 'server4']

/** Starts four fake hosts, registers them in a database of their own, and lets `prepare` build what all cases begin with. */
export async function startFleet(
  prepare: (lab: Lab, hosts: FakeLab['hosts']) => Promise<void>,
): Promise<Fleet> {
  // biome-ignore lint/correctness/useHookAtTopLevel: no hook of React
  const first = await useTestDatabase()
  globalThis.tunboardSecretKey = SECRET_KEY
  const fleet = await startFakeLab()
  for (const line of FOREIGN) fleet.hosts.director.kernel.exec(line.split(' '))
  const lab = await registerLab(fleet.hosts, LAB_LOGIN)
  await prepare(lab, fleet.hosts)

  const database = await keepDatabase(first.url)
  let kept = kernelsOf(fleet)
  await first.remove()
  return {
    hosts: fleet.hosts,
    lab,
    async keep() {
      await database.keep()
      kept = kernelsOf(fleet)
    },
    async begin(wrap) {
      const url = await database.begin(wrap)
      for (const name of NAMES) {
        const host = fleet.hosts[name]
        await host.setMisbehaviour(undefined)
        host.setDecide(undefined)
        putBack(host.kernel.state, kept[name])
        host.received.commands.length = 0
      }
      return url
    },
    reopen: database.reopen,
    url: database.url,
    async close() {
      await closeAll()
      await fleet.close()
      await database.close()
    },
  }
}

/** What others run on the director. */
export function foreignRules({ hosts }: Pick<Fleet, 'hosts'>): string {
  const { stdout } = hosts.director.kernel.fork().exec(['ipvsadm', '-Sn'])
  const isForeign = (line: string) => / (172\.25\.254\.200:443|-f 7)( |$)/.test(line)
  return stdout.split('\n').filter(isForeign).join('\n')
}
