import assert from 'node:assert/strict'
import { parseProbe } from '@/lib/lvs/parse-probe'
import type { Device, Running, RunningService } from '@/lib/lvs/running'
import type { Command } from './batch'
import { FENCE_CLAUSES } from './host-contract-fence'
import { FILE_CLAUSES } from './host-contract-files'
import { createLiveReader, type LiveFrame } from './live-reader'
import { liveScript } from './live-script'
import { readProbe } from './probe'
import { readRunning } from './read-running'
import { runBatch } from './run'
import { openStream } from './stream'
import type { SshTarget } from './target'

/** A service and addresses of the documentation networks, which no lab uses. */
const SERVICE = '192.0.2.77:8099'
const VIP = '192.0.2.77/32'

/** One thing that every host does, be it the fake one or a real one. */
export type Clause = { name: string; check: (target: SshTarget) => Promise<void> }

const words = (line: string) => line.split(' ')
const asRoot = (line: string, more: Partial<Command> = {}): Command => ({
  argv: words(line),
  root: true,
  ...more,
})

async function exits(target: SshTarget, ...commands: Command[]): Promise<(number | undefined)[]> {
  const results = await runBatch(target, commands)
  return results.map((result) => result.exit)
}

function serviceIn(running: Running): RunningService | undefined {
  if (running.ipvs.state !== 'present') return undefined
  return running.ipvs.services.find(
    ({ key }) => key.kind === 'address' && key.vip === '192.0.2.77' && key.port === 8099,
  )
}

async function tunnelOf(target: SshTarget): Promise<Device | undefined> {
  const { devices } = await readRunning(target)
  return devices.find((device) => device.name === 'tunl0')
}

/** Takes away what the clauses put there, also after one that failed. */
async function tidy(target: SshTarget): Promise<void> {
  await runBatch(target, [
    asRoot(`ipvsadm -D -t ${SERVICE}`, { mayFail: true }),
    asRoot(`ip address del ${VIP} dev tunl0`, { mayFail: true }),
  ])
}

async function withService(target: SshTarget, check: () => Promise<void>): Promise<void> {
  try {
    const add = asRoot(`ipvsadm -A -t ${SERVICE} -s rr -p 60 -M 255.255.255.0`)
    const entry = asRoot(`ipvsadm -a -t ${SERVICE} -r 192.0.2.78 -i -w 0 -x 20 -y 10`)
    assert.deepEqual(await exits(target, asRoot('modprobe ip_vs'), add, entry), [0, 0, 0])
    await check()
  } finally {
    await tidy(target)
  }
}

const reads: Clause[] = [
  {
    name: 'two reads in a row are equal, and load no module',
    async check(target) {
      const first = await readRunning(target)
      const second = await readRunning(target)
      assert.deepEqual(second.modules, first.modules)
      assert.deepEqual(second.devices, first.devices)
      assert.deepEqual(second.sysctls, first.sysctls)
      assert.equal(second.bootId, first.bootId)
    },
  },
  {
    name: 'the probe loads no module and agrees with the lean read',
    async check(target) {
      const running = await readRunning(target)
      const { output, nonce } = await readProbe(target)
      const facts = parseProbe(output, nonce)
      const after = await readRunning(target)
      assert.equal(facts.bootId, running.bootId)
      assert.equal(facts.privilege, running.privilege)
      assert.deepEqual(
        facts.owners.map(({ name }) => name),
        running.owners.map(({ name }) => name),
      )
      assert.deepEqual(
        facts.devices.map(({ name, up }) => [name, up]),
        running.devices.map(({ name, up }) => [name, up]),
      )
      assert.deepEqual(after.modules, running.modules)
    },
  },
  {
    name: 'the live loop prints a frame per tick, with totals when there is a table',
    check: (target) =>
      withService(target, async () => {
        const frames = await liveFrames(target, 3)
        assert.deepEqual(
          frames.map(({ tick, totals }) => [tick, totals !== undefined]),
          [
            [0, true],
            [1, false],
            [2, true],
          ],
        )
        assert.ok(frames.every(({ table }) => table?.includes('C000024D:1FA3') === true))
        assert.ok(frames[0]?.totals?.includes(SERVICE))
        assert.ok((frames[1]?.uptimeSeconds ?? 0) > (frames[0]?.uptimeSeconds ?? 0))
      }),
  },
]

/** Reads some frames of the live loop, which ticks fast here. */
export function liveFrames(target: SshTarget, count: number): Promise<LiveFrame[]> {
  const sudo = target.become === 'sudo'
  const { script, nonce } = liveScript({ intervalMs: 50, totalsEvery: 2, sudo })
  return new Promise((resolve, reject) => {
    const frames: LiveFrame[] = []
    const onChunk = createLiveReader(nonce, (frame) => {
      frames.push(frame)
      if (frames.length === count) stream.then((open) => open.close(), reject)
    })
    const onEnd = (problem: Error | undefined) => {
      if (problem === undefined) resolve(frames)
      else reject(problem)
    }
    const stream = openStream(target, script, { onChunk, onEnd })
    stream.catch(reject)
  })
}

const changes: Clause[] = [
  {
    name: 'a service and its entry read back as they were written',
    check: (target) =>
      withService(target, async () => {
        const service = serviceIn(await readRunning(target))
        assert.deepEqual(service?.config, {
          scheduler: 'rr',
          flags: [],
          persistence: { timeoutSeconds: 60, mask: '255.255.255.0' },
          onePacket: false,
        })
        assert.deepEqual(
          service.realServers.map(({ key, config }) => ({ key, config })),
          [
            {
              key: { rip: '192.0.2.78', port: 8099 },
              config: {
                forwarding: { method: 'tunnel', tunnel: { type: 'ipip' } },
                weight: 0,
                upperThreshold: 20,
                lowerThreshold: 10,
              },
            },
          ],
        )
      }),
  },
  {
    name: 'an edit without -i turns Tunnel into Route and forgets weight and thresholds',
    check: (target) =>
      withService(target, async () => {
        const edit = asRoot(`ipvsadm -e -t ${SERVICE} -r 192.0.2.78:8099`)
        assert.deepEqual(await exits(target, edit), [0])
        assert.deepEqual(serviceIn(await readRunning(target))?.realServers[0]?.config, {
          forwarding: { method: 'route' },
          weight: 1,
          upperThreshold: 0,
          lowerThreshold: 0,
        })
      }),
  },
  {
    name: 'the kernel refuses with 255, the syntax with 2, and a batch stops there',
    check: (target) =>
      withService(target, async () => {
        const again = asRoot(`ipvsadm -A -t ${SERVICE} -s rr`)
        const nonsense = asRoot(`ipvsadm -a -t ${SERVICE} -r 192.0.2.79 -i -w abc`)
        const never = asRoot(`ipvsadm -D -t ${SERVICE}`)
        assert.deepEqual(await exits(target, { ...again, mayFail: true }, nonsense, never), [
          255,
          2,
          undefined,
        ])
        assert.notEqual(serviceIn(await readRunning(target)), undefined)
      }),
  },
  {
    name: 'ipvsadm -R skips a refused line and still exits with 0',
    check: (target) =>
      withService(target, async () => {
        const lines = [
          `-a -t ${SERVICE} -r 192.0.2.79 -i -w 3`,
          `-a -t ${SERVICE} -r 192.0.2.78 -i`,
          `-a -t ${SERVICE} -r 192.0.2.80 -i`,
        ]
        const restore = asRoot('ipvsadm -R', { stdin: lines.join('\n') })
        const [result] = await runBatch(target, [restore])
        assert.equal(result?.exit, 0)
        assert.match(result.stderr, /^Destination already exists$/m)
        const weights = serviceIn(await readRunning(target))?.realServers.map(({ key, config }) => [
          key.rip,
          config.weight,
        ])
        assert.deepEqual(weights, [
          ['192.0.2.78', 0],
          ['192.0.2.79', 3],
          ['192.0.2.80', 1],
        ])
      }),
  },
  {
    name: 'a VIP goes on the tunnel device and off again, and adding it twice fails with 2',
    async check(target) {
      try {
        await runBatch(target, [asRoot('modprobe ipip')])
        const before = await tunnelOf(target)
        assert.equal(before?.kind, 'ipip')
        const add = asRoot(`ip address add ${VIP} dev tunl0`, { mayFail: true })
        const remove = asRoot(`ip address del ${VIP} dev tunl0`, { mayFail: true })
        assert.deepEqual(await exits(target, add, add), [0, 2])
        const after = await tunnelOf(target)
        const entry = { address: '192.0.2.77', prefixLength: 32 }
        assert.deepEqual(after?.addresses, [...before.addresses, entry])
        assert.deepEqual(await exits(target, remove, remove), [0, 2])
        assert.deepEqual(await tunnelOf(target), before)
      } finally {
        await tidy(target)
      }
    },
  },
  {
    name: 'a sysctl reads back as it was set, and one of no interface fails with 1',
    async check(target) {
      const key = 'net.ipv4.conf.lo.arp_announce'
      const before = (await readRunning(target)).sysctls[key]
      assert.notEqual(before, undefined)
      try {
        assert.deepEqual(await exits(target, asRoot(`sysctl -w ${key}=2`)), [0])
        assert.equal((await readRunning(target)).sysctls[key], '2')
      } finally {
        await runBatch(target, [asRoot(`sysctl -w ${key}=${before}`)])
      }
      assert.equal((await readRunning(target)).sysctls[key], before)
      const absent = asRoot('sysctl -w net.ipv4.conf.nosuch0.rp_filter=0')
      assert.deepEqual(await exits(target, absent), [1])
    },
  },
]

/**
 * What the fake host and a real one have in common; each clause leaves the host's table, addresses and sysctls as they
 * were (ip_vs and ipip stay loaded). The fake is worth as much as the last run of this on real hosts.
 */
export const HOST_CONTRACT: readonly Clause[] = [
  ...reads,
  ...changes,
  ...FENCE_CLAUSES,
  ...FILE_CLAUSES,
]
