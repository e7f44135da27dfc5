import { expect, test } from 'vitest'
import { blastRadius } from './blast-radius'
import type { Step } from './plan'
import { reason } from './reason'
import type { HostState } from './running'
import { bare, host, RR, WEIGHT_1, WWW } from './tutorial-world'

const OTHER = { ...WWW, port: 443 }
const entry = (lan: number, active?: number) => ({
  key: { rip: `172.25.254.${lan}`, port: 80 },
  config: WEIGHT_1,
  ...(active !== undefined && { active }),
})
const director = (...entries: ReturnType<typeof entry>[]): HostState => ({
  host: host('director'),
  running: {
    ...bare(1),
    ipvs: {
      state: 'present',
      services: [
        { key: WWW, config: RR, realServers: entries },
        { key: OTHER, config: RR, realServers: [entry(9, 83)] },
      ],
      unreadable: [],
    },
  },
})
const step = (lan: number, more: Partial<Step> = {}): Step => ({
  ...{ id: `x${lan}`, hostId: 'director', hostName: 'director', subject: `.${lan}`, argv: [] },
  ...{ kind: 'entry', change: 'remove', why: reason('why.entry'), mayFail: false, phase: 30 },
  item: { kind: 'entry', service: WWW, realServer: { rip: `172.25.254.${lan}`, port: 80 } },
  ...more,
})

test('what is touched is counted, and set against all that the cluster carries now', () => {
  const steps = [
    step(2, { connections: 8 }),
    step(3, { change: 'edit', connections: 4 }),
    step(7, { hostId: 'server7', kind: 'address', item: { kind: 'module', name: 'ipip' } }),
  ]
  const hosts = [director(entry(2, 8), entry(3, 4), entry(4, 5))]
  expect(blastRadius({ steps }, hosts, [WWW])).toEqual({
    ...{ hosts: 2, services: 1, entries: 2 },
    ...{ cut: 8, reset: 0, ending: 4, current: 17, percent: 71 },
  })
  expect(blastRadius({ steps }, hosts, [WWW, OTHER])).toMatchObject({ current: 100, percent: 12 })
})

test('a service that goes with the plan counts among the current ones, though nobody wants it', () => {
  const hosts = [director(entry(2, 8), entry(3, 8))]
  expect(blastRadius({ steps: [step(2, { connections: 8 })] }, hosts, [])).toMatchObject({
    ...{ current: 16, percent: 50 },
  })
})

test('what nobody counted has no share, and nothing to share has none either', () => {
  const steps = [step(2)]
  const unknown = blastRadius({ steps }, [director(entry(2), entry(3, 8))], [WWW])
  expect(unknown).not.toHaveProperty('percent')
  expect(unknown.current).toBeUndefined()
  const none = blastRadius({ steps: [step(2, { connections: 0 })] }, [director(entry(2, 0))], [WWW])
  expect(none).toMatchObject({ cut: 0, current: 0 })
  expect(none).not.toHaveProperty('percent')
})
