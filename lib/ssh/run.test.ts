import { afterEach, describe, expect, it } from 'vitest'
import { Unreachable, Unreadable } from '@/lib/errors'
import type { FakeHost } from '@/lib/testing/fake-host'
import { createFakeKernel } from '@/lib/testing/fake-kernel'
import { LOGIN, startWithUsers } from '@/lib/testing/fake-users'
import type { Command } from './batch'
import { closeAll } from './client'
import { readProbe } from './probe'
import { readRunning, readSections } from './read-running'
import { runBatch } from './run'
import { openStream } from './stream'
import { asStudent, targetOf } from './test-target'

const hosts: FakeHost[] = []
async function start(...options: Parameters<typeof startWithUsers>) {
  const host = await startWithUsers(...options)
  hosts.push(host)
  const { port, fingerprint } = host
  const { hostName: name } = host.kernel.state
  return { host, target: targetOf({ name, port, fingerprint, privateKey: LOGIN.privateKey }) }
}
afterEach(async () => {
  await closeAll()
  await Promise.all(hosts.splice(0).map((host) => host.close()))
})

const root = (line: string): Command => ({ argv: line.split(' '), root: true })
const PLAN = [
  root('modprobe ipip'),
  root('sysctl -w net.ipv4.conf.all.arp_ignore=1'),
  root('ip address add 192.0.2.7/32 dev tunl0'),
]

describe('a batch', () => {
  it('reaches the host as exactly these commands, each under timeout and, for a plain user, sudo', async () => {
    const { host, target } = await start()
    await runBatch(target, PLAN)
    await runBatch(asStudent(target), [root('ipvsadm -Sn'), { argv: ['true'] }])
    expect(host.received.commands.map((argv) => argv.join(' '))).toEqual([
      'timeout -k 2 8 modprobe ipip',
      'timeout -k 2 8 sysctl -w net.ipv4.conf.all.arp_ignore=1',
      'timeout -k 2 8 ip address add 192.0.2.7/32 dev tunl0',
      'timeout -k 2 8 sudo -n ipvsadm -Sn',
      'timeout -k 2 8 true',
    ])
  })

  it.each([
    ['before', false],
    ['after', true],
  ] as const)(
    'cut %s its second change leaves the rest unknown, and says no more than is known',
    async (when, carriedOut) => {
      const { host, target } = await start()
      await host.setMisbehaviour({ name: 'drops-mid-plan', at: 2, when })
      const seen: number[] = []
      const results = await runBatch(target, PLAN, (_result, index) => seen.push(index))
      expect(results.map(({ outcome, exit }) => [outcome, exit])).toEqual([
        ['ran', 0],
        ['unknown', undefined],
        ['unknown', undefined],
      ])
      expect(seen).toEqual([0])
      expect(host.kernel.read('/proc/sys/net/ipv4/conf/all/arp_ignore')).toBe(
        carriedOut ? '1\n' : '0\n',
      )
      await host.setMisbehaviour(undefined)
      expect(await readRunning(target)).toMatchObject({ missingModules: [] })
    },
  )

  it('is told by sudo that a password is needed', async () => {
    const { target } = await start(undefined, { misbehave: { name: 'sudo-asks-password' } })
    const [result, rest] = await runBatch(asStudent(target), PLAN)
    expect(result).toMatchObject({ exit: 1, stderr: 'sudo: a password is required\n' })
    expect(rest?.outcome).toBe('skipped')
  })

  it('keeps noise on standard error apart from what a command prints', async () => {
    const { target } = await start(undefined, { misbehave: { name: 'noise-on-stderr' } })
    const results = await runBatch(target, [root('modprobe ip_vs'), root('ipvsadm -Sn')])
    expect(results).toMatchObject([{ stdout: '' }, { stdout: '', exit: 0 }])
    expect((await readRunning(target)).ipvs).toMatchObject({ state: 'present' })
  })

  it('throws when the host cannot be reached, because nothing was sent', async () => {
    const { target } = await start(undefined, { misbehave: { name: 'unreachable' } })
    await expect(runBatch(target, PLAN)).rejects.toThrow(Unreachable)
  })

  it('of nothing does not even connect', async () => {
    const { host, target } = await start()
    expect(await runBatch(target, [])).toEqual([])
    expect(host.received.auth).toEqual([])
  })
})

describe('the lean read', () => {
  it('is one exchange, whoever asks', async () => {
    const { host, target } = await start()
    await readSections(target)
    expect(host.received.commands).toEqual([])
    expect(host.received.reads).toBe(1)
  })

  it('tells which modules this kernel cannot have', async () => {
    const { target } = await start(undefined, { misbehave: { name: 'no-ip-vs-module' } })
    expect((await readRunning(target)).missingModules).toEqual(['ip_vs'])
  })

  it('tells why ipvsadm may not be asked', async () => {
    const kernel = createFakeKernel({ modules: { loaded: ['ip_vs'] } })
    const { target } = await start(kernel, { misbehave: { name: 'sudo-asks-password' } })
    expect(await readRunning(asStudent(target))).toMatchObject({
      privilege: 'none',
      ipvs: { state: 'denied', why: { values: { text: 'sudo: a password is required' } } },
    })
  })

  it('tells who else owns IPVS', async () => {
    const processes = [{ pid: 812, comm: 'keepalived', cmdline: ['/usr/sbin/keepalived'] }]
    const { target } = await start(createFakeKernel({ processes }))
    expect((await readRunning(target)).owners).toEqual([{ name: 'keepalived', evidence: '812' }])
  })

  it('of nonsense is Unreadable, with the host and the line', async () => {
    const { target } = await start(createFakeKernel({ hostName: 'server2' }), {
      misbehave: { name: 'prints-nonsense' },
    })
    const problem = await readRunning(target).catch((error: unknown) => error)
    expect(problem).toBeInstanceOf(Unreadable)
    expect(problem).toMatchObject({ values: { host: 'server2' } })
    expect(JSON.stringify(problem)).not.toContain('\u001b')
  })

  it('sees what somebody else changed after the one before', async () => {
    const { host, target } = await start()
    const commands = [['modprobe', 'ip_vs'], 'ipvsadm -A -t 192.0.2.9:80 -s rr'.split(' ')]
    await host.setMisbehaviour({ name: 'changes-behind-you', commands })
    expect((await readRunning(target)).ipvs.state).toBe('absent')
    expect((await readRunning(target)).ipvs).toMatchObject({ state: 'present', services: [{}] })
  })
})

describe('a stream', () => {
  it('ends with stage closed when the host cuts it', async () => {
    const { host, target } = await start()
    const ended = new Promise((resolve) => {
      const onChunk = () => host.drop()
      const script = `# tunboard live 10 1 f00d\nmain f00d 0.01 1 plain </dev/null\n`
      openStream(target, script, { onChunk, onEnd: resolve }).catch(resolve)
    })
    expect(await ended).toMatchObject({ stage: 'closed', values: { host: 'host' } })
  })

  it('throws when the host cannot be reached', async () => {
    const { target } = await start(undefined, { misbehave: { name: 'unreachable' } })
    const handlers = { onChunk: () => undefined, onEnd: () => undefined }
    await expect(openStream(target, '', handlers)).rejects.toThrow(Unreachable)
  })
})

describe('the probe', () => {
  it('runs on a channel of its own and leaves the warm shell alone', async () => {
    const { host, target } = await start()
    const [{ output, nonce }, results] = await Promise.all([
      readProbe(target),
      runBatch(target, [{ argv: ['hostname'] }]),
    ])
    expect(output).toContain(`@@${nonce} END`)
    expect(results[0]?.stdout).toBe('host\n')
    expect(host.received.probes).toBe(1)
  })
})
