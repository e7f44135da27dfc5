import { describe, expect, test } from 'vitest'
import type { Step } from './plan'
import { reason } from './reason'
import { recoveryOf } from './recovery'
import type { HostState } from './running'
import { bare, host } from './tutorial-world'

const KEY = 'net.ipv4.conf.all.arp_ignore'
const step = (id: string, hostId: string, after: string, before = '0'): Step => ({
  ...{ id, hostId, hostName: hostId, kind: 'sysctl', change: 'edit', subject: KEY, before, after },
  item: { kind: 'sysctl', key: KEY },
  ...{ argv: ['true'], why: reason('x'), mayFail: false, phase: 10 },
})
const reads = (hostId: string, value: string): HostState => {
  const running = bare(2)
  return {
    host: host(hostId),
    running: { ...running, sysctls: { ...running.sysctls, [KEY]: value } },
  }
}
const STEPS = [step('a', 'server2', '1'), step('b', 'server3', '1')]
const plan = { steps: STEPS }

describe('an apply that was cut short', () => {
  test.each([
    ['1', '1', 'applied'],
    ['0', '0', 'not-applied'],
    ['1', '0', 'partial'],
    ['1', '2', 'partial'],
  ])('is, with %s and %s on its hosts, %s', (first, second, state) => {
    expect(recoveryOf(plan, [reads('server2', first), reads('server3', second)]).state).toBe(state)
  })

  test('says of each step what its host says, another value too', () => {
    const { steps } = recoveryOf(plan, [reads('server2', '1'), reads('server3', '2')])
    expect(steps).toEqual([
      { step: 'a', state: 'done', now: '1' },
      { step: 'b', state: 'differs', now: '2' },
    ])
  })

  test('is applied where what was put back went away with its module', () => {
    const put = step('p', 'server2', '0', '2')
    const gone: Step = { ...put, item: { kind: 'sysctl', key: 'net.ipv4.conf.tunl0.rp_filter' } }
    const { after: _, ...rest } = step('m', 'server2', '', 'loaded')
    const module: Step = {
      ...rest,
      kind: 'module',
      change: 'remove',
      item: { kind: 'module', name: 'ipip' },
    }
    expect(recoveryOf({ steps: [gone, module] }, [reads('server2', '0')]).state).toBe('applied')
    expect(recoveryOf({ steps: [gone] }, [reads('server2', '0')]).state).toBe('not-applied')
  })

  test('is unread while one of its hosts cannot be asked', () => {
    const lost = { host: host('server3'), unreachable: reason('unreachable.tcp') }
    expect(recoveryOf(plan, [reads('server2', '1'), lost])).toMatchObject({
      state: 'unread',
      steps: [{ state: 'done' }, { step: 'b', state: 'unread' }],
    })
  })

  test('does not ask for what cannot be read: a settling, a check, an announcement', () => {
    const { item: _, ...settle } = step('s', 'server2', '1')
    expect(recoveryOf({ steps: [...STEPS, { ...settle, kind: 'settle' }] }, []).steps).toHaveLength(
      2,
    )
  })
})
