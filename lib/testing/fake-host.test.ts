import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeAll } from '@/lib/ssh/client'
import { HOST_CONTRACT } from '@/lib/ssh/host-contract'
import type { SshTarget } from '@/lib/ssh/target'
import { asStudent, targetOf } from '@/lib/ssh/test-target'
import type { FakeHost } from './fake-host'
import { isChanging } from './fake-host/misbehaviour'
import { shellWords } from './fake-host/words'
import { LOGIN, startWithUsers } from './fake-users'

describe.each(['root', 'student'])('the fake host keeps the contract of hosts for %s', (user) => {
  let host: FakeHost
  let target: SshTarget
  beforeAll(async () => {
    host = await startWithUsers()
    const { port, fingerprint } = host
    const root = targetOf({ name: 'host', port, fingerprint, privateKey: LOGIN.privateKey })
    target = user === 'student' ? asStudent(root) : root
  })
  afterAll(async () => {
    await closeAll()
    await host.close()
  })
  it.each(HOST_CONTRACT)('$name', async ({ check }) => {
    await check(target)
  })
})

describe('shellWords', () => {
  it('reads what a shell would read', () => {
    const line = `tb_run 0 stop 8 sudo 'ip' 'it'\\''s' '' 'a  b' </dev/null`
    expect(shellWords(line)).toEqual([
      'tb_run',
      '0',
      'stop',
      '8',
      'sudo',
      'ip',
      "it's",
      '',
      'a  b',
      '</dev/null',
    ])
  })
})

describe('isChanging', () => {
  it.each([
    ['timeout -k 2 8 sudo -n ipvsadm -A -t 1.1.1.1:80', true],
    ['timeout -k 2 8 ip address add 1.1.1.1/32 dev tunl0', true],
    ['timeout -k 2 8 sysctl -w net.ipv4.ip_forward=1', true],
    ['timeout -k 2 8 modprobe ipip', true],
    ['timeout -k 2 8 timeout 3 bash -c x 1.1.1.1 80', false],
    ['timeout -k 2 8 ipvsadm -Ln', false],
    ['modprobe -n -q ip_vs', false],
  ])('%s: %s', (line, changing) => {
    expect(isChanging(line.split(' '))).toBe(changing)
  })
})
