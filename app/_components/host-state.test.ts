import { expect, test } from 'vitest'
import type { Host } from '@/lib/lvs/host'
import type { HostFacts } from '@/lib/lvs/host-facts'
import { hostState } from './host-state'

const hostKey: Host['hostKey'] = {
  fingerprint: 'SHA256:x',
  type: 'ssh-ed25519',
  approvedAt: new Date(0),
  approvedBy: 'Ann',
}
const facts = { owners: [], warnings: [] } as unknown as HostFacts
const probed = (more: Partial<HostFacts> = {}) => ({
  facts: { ...facts, ...more },
  at: new Date(0),
})

test('a host whose key nobody has approved says so before anything else', () => {
  expect(hostState({ probed: probed() }, 2)).toEqual({ name: 'key-missing', tone: 'warn' })
})

test('a host that was never read is unknown, not well', () => {
  expect(hostState({ hostKey }, 0)).toEqual({ name: 'untested', tone: 'unknown' })
  expect(hostState({ hostKey, probed: probed() }, 0)).toEqual({ name: 'well', tone: 'ok' })
})

test('a host that somebody else manages is not well', () => {
  const owners = [{ name: 'keepalived', evidence: 'running' }] as const
  expect(hostState({ hostKey, probed: probed({ owners }) }, 0)).toEqual({
    name: 'owned',
    tone: 'warn',
    owner: 'keepalived',
  })
})
