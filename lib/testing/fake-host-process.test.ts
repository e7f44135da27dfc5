import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '@/lib/secret'
import { closeAll } from '@/lib/ssh/client'
import { readRunning } from '@/lib/ssh/read-running'
import type { SshTarget } from '@/lib/ssh/target'
import { makeKey } from './fake-host'
import { type FakeHostsReady, steer } from './fake-host-process'

const SERVICE = ['-t', '172.25.254.100:80']

describe('fake hosts in a process of their own', () => {
  const key = makeKey()
  const config = {
    users: [{ name: 'root', root: true, publicKey: key.public }],
    hosts: [{ kernel: { hostName: 'director', answers: ['172.25.254.2:80'] } }],
  }
  const script = join(import.meta.dirname, 'fake-host-process.ts')
  const child = spawn('node', ['--import', 'tsx', script, JSON.stringify(config)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = new Promise((resolve) => child.on('close', resolve))
  let ready: FakeHostsReady
  let target: SshTarget

  beforeAll(async () => {
    ready = await new Promise((resolve) =>
      child.stdout.once('data', (line: Buffer) => resolve(JSON.parse(line.toString('utf8')))),
    )
    const [director] = ready.hosts
    target = {
      hostId: 'director',
      name: 'director',
      address: '127.0.0.1',
      port: director?.port ?? 0,
      user: 'root',
      auth: { kind: 'key', privateKey: new Secret(key.private) },
      hostKey: director?.fingerprint ?? '',
      become: 'root',
    }
  })
  afterAll(async () => {
    await closeAll()
    child.stdin.end()
    expect(await ended).toBe(0)
  })

  it('are steered while they are looked at over SSH', async () => {
    const exec = (...argv: string[]) =>
      steer(ready.control, { host: 'director', do: 'exec', argv: ['ipvsadm', ...argv] })
    await exec('-A', ...SERVICE, '-s', 'rr')
    await exec('-a', ...SERVICE, '-r', '172.25.254.2', '-i')
    const order = {
      host: 'director',
      do: 'traffic',
      service: SERVICE,
      client: 'c',
      count: 3,
    } as const
    expect(await steer(ready.control, { ...order, hold: true })).toEqual(
      Array(3).fill('172.25.254.2:80'),
    )
    const { ipvs } = await readRunning(target)
    expect(ipvs).toMatchObject({ services: [{ realServers: [{ active: 3, inactive: 0 }] }] })
  })

  it('misbehave on demand and behave again', async () => {
    const misbehave = { host: 'director', do: 'misbehave' } as const
    await steer(ready.control, { ...misbehave, as: { name: 'unreachable' } })
    await expect(readRunning(target)).rejects.toMatchObject({ stage: 'tcp' })
    await steer(ready.control, misbehave)
    await expect(readRunning(target)).resolves.toMatchObject({ privilege: 'root' })
  })

  it('forget everything live when they reboot', async () => {
    const before = await readRunning(target)
    await steer(ready.control, { host: 'director', do: 'reboot' })
    const after = await readRunning(target)
    expect(after.bootId).not.toBe(before.bootId)
    expect(after.ipvs.state).toBe('absent')
  })

  it('say so when a host is unknown', async () => {
    await expect(steer(ready.control, { host: 'nobody', do: 'reboot' })).rejects.toThrow('404')
  })
})
