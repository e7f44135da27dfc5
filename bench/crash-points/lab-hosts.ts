import { readFileSync } from 'node:fs'
import { type Lab, startLab } from '@/lab/lab'
import { useTestDatabase } from '@/lib/db/test-database'
import { parseForm } from '@/lib/lvs/form'
import { hostFormSchema } from '@/lib/lvs/host-form'
import { addHost } from '@/lib/ops/add-host'
import { approveHostKey } from '@/lib/ops/approve-host-key'
import { testConnection } from '@/lib/ops/test-connection'
import { operator } from '@/lib/ops/test-fleet'
import type { Lab as Ids } from '@/lib/ops/test-world'
import { closeAll } from '@/lib/ssh/client'
import type { FakeLabName } from '@/lib/testing/fake-lab'
import { type CaseDatabase, keepDatabase } from '../fleet/case-database'
import { NAMES, SECRET_KEY } from '../fleet/fleet'
import { type CutProxy, startCutProxy } from './cut-proxy'
import type { Hosts, World } from './shapes'

type Proxies = Record<FakeLabName, CutProxy>

/** Real kernels behind lines that can be cut, and a database that every case finds as the first one did. */
export type LabWorld = World & {
  lab: Lab
  proxies: Proxies
  database: CaseDatabase
  sh(name: FakeLabName, script: string): Promise<string>
  /** Puts hosts and database back to what all cases begin with. */
  begin: CaseDatabase['begin']
  close(): Promise<void>
}

const FOREIGN = `-A -t 172.25.254.200:443 -s wlc -p 600
-a -t 172.25.254.200:443 -r 172.25.254.3:443 -i -w 7 -x 90
-A -f 7 -s sh -b sh-port
-a -f 7 -r 172.25.254.4 -m -w 0
`

const KEYS = ['all.arp_ignore', 'all.arp_announce', 'all.rp_filter', 'tunl0.rp_filter']
const KEY_NAMES = [...KEYS.map((key) => `net.ipv4.conf.${key}`), 'net.ipv4.ip_forward'].join(' ')

/** Prints commands that make a host what it is: VIPs, whether tunl0 is up, kernel parameters. */
const DESCRIBE = `
ip -o -4 address show | awk '$4 ~ /^172.25.254.10[0-9]\\/32$/ { print "ip address add " $4 " dev " $2 }' | sort
grep -q '^0x.*[13579bdf]$' /sys/class/net/tunl0/flags 2>/dev/null && echo ip link set tunl0 up
sysctl ${KEY_NAMES} 2>/dev/null | sed 's/ = /=/; s/^/sysctl -qw /'
true`
const RULES = '[ ! -e /proc/net/ip_vs ] || ipvsadm -Sn'
const ETC = `cd /etc; find . -xdev \\( -type f -o -type l \\) -newer /root/kept | sort | xargs -r -d '\\n' md5sum; true`
const BACK = `rm -f /root/fill
modprobe ipip
ip -o -4 address show | awk '$4 ~ /^172.25.254.10[0-9]\\/32$/ { print $4, $2 }' |
  while read -r address device; do ip address del "$address" dev "$device"; done
ip link set tunl0 down
cd /etc; find . -xdev \\( -type f -o -type l \\) -newer /root/kept -delete
cp -an /root/etc/. /etc/
`
const KEEP = 'touch /root/kept; rm -rf /root/etc; cp -a /etc /root/etc'

/** A start that found tunl0 there keeps an rp_filter of 0, one that found none planned 2: to the cluster they are one. */
const alike = (text: string): string =>
  text.replace('net.ipv4.conf.tunl0.rp_filter=0', 'net.ipv4.conf.tunl0.rp_filter=2')

const isForeign = (line: string) => / (172\.25\.254\.200:443|-f 7)( |$)/.test(line)

async function register(lab: Lab, name: FakeLabName, { port }: CutProxy): Promise<string> {
  const privateKey = readFileSync(lab.keyFile, 'utf8')
  const access = { name, address: '127.0.0.1', port, user: 'student', become: 'sudo' }
  const form = parseForm(hostFormSchema, { ...access, authKind: 'key', privateKey })
  const id = await addHost(operator(), form)
  await approveHostKey(operator(), { hostId: id, fingerprint: await lab.fingerprint(name) })
  await testConnection(operator(), id)
  return id
}

async function registerAll(lab: Lab, proxies: Proxies): Promise<Ids> {
  return {
    director: await register(lab, 'director', proxies.director),
    server2: await register(lab, 'server2', proxies.server2),
    server3: await register(lab, 'server3', proxies.server3),
    server4: await register(lab, 'server4', proxies.server4),
  }
}

const shOf = (lab: Lab) => async (name: FakeLabName, script: string) => {
  const { exit, stdout, stderr } = await lab.exec(name, 'sh', { input: script })
  if (exit !== 0) throw new Error(`${name}: ${script}\n${exit}: ${stderr}`)
  return stdout
}
type Sh = ReturnType<typeof shOf>

function hostsOf(ids: Ids, database: CaseDatabase, sh: Sh): Hosts {
  const rules = async (which: (line: string) => boolean) =>
    (await sh('director', RULES)).split('\n').filter(which).sort().join('\n')
  return {
    ids,
    reopen: (wrap) => database.reopen(wrap),
    exec: async (name, lines) => {
      await sh(name, lines.join('\n'))
    },
    async look() {
      const texts = NAMES.map(async (name) => {
        const table = name === 'director' ? `{ ${RULES}; } | sort` : 'true'
        return [name, alike(await sh(name, `${DESCRIBE}\n${table}\n${ETC}`))] as const
      })
      return Object.fromEntries(await Promise.all(texts))
    },
    foreignRules: () => rules(isForeign),
    ownRules: () => rules((line) => line.includes('172.25.254.10')),
  }
}

/** Remembers what hosts are now; gives what puts them back. */
async function keepHosts(sh: Sh): Promise<() => Promise<void>> {
  const backs = NAMES.map(async (name) => {
    await sh(name, KEEP)
    const described = await sh(name, DESCRIBE)
    const table = name === 'director' ? await sh(name, RULES) : undefined
    const rules =
      table === undefined ? '' : `modprobe ip_vs; ipvsadm -C; ipvsadm -R <<'END'\n${table}END\n`
    return () => sh(name, `${BACK}${described}${rules}true`)
  })
  const all = await Promise.all(backs)
  return async () => {
    await Promise.all(all.map((back) => back()))
  }
}

/** Boots a lab with what others run on its director, and lets `prepare` build what all cases begin with. */
export async function startLabWorld(prepare: (ids: Ids) => Promise<string>): Promise<LabWorld> {
  // biome-ignore lint/correctness/useHookAtTopLevel: no hook of React
  const first = await useTestDatabase()
  globalThis.tunboardSecretKey = SECRET_KEY
  const lab = await startLab({ nodes: NAMES })
  const sh = shOf(lab)
  const proxyOf = (name: FakeLabName) => startCutProxy(lab.nodes[name]?.port ?? 0)
  const proxies = {
    ...{ director: await proxyOf('director'), server2: await proxyOf('server2') },
    ...{ server3: await proxyOf('server3'), server4: await proxyOf('server4') },
  }
  try {
    await lab.exec('director', 'modprobe ip_vs; ipvsadm -R', { input: FOREIGN })
    await Promise.all(NAMES.map((name) => sh(name, 'modprobe ipip')))
    const ids = await registerAll(lab, proxies)
    const clusterId = await prepare(ids)
    const database = await keepDatabase(first.url)
    await first.remove()
    const back = await keepHosts(sh)
    return {
      ...{ lab, proxies, database, sh, clusterId, hosts: hostsOf(ids, database, sh) },
      async begin(wrap) {
        await back()
        return database.begin(wrap)
      },
      async close() {
        await closeAll()
        for (const name of NAMES) await proxies[name].close()
        await lab.stop()
        await database.close()
      },
    }
  } catch (error) {
    await closeAll()
    for (const name of NAMES) await proxies[name].close()
    await lab.stop()
    throw error
  }
}
