import { expect, test } from 'vitest'
import type { Step } from './plan'
import { reason } from './reason'
import type { HostState } from './running'
import { touchedConnections } from './touched-connections'
import { bare, host, RR, WEIGHT_1, WWW } from './tutorial-world'

const entry = (lan: number, active?: number) => ({
  key: { rip: `172.25.254.${lan}`, port: 80 },
  config: WEIGHT_1,
  ...(active === undefined ? {} : { active }),
})

const director = (...entries: ReturnType<typeof entry>[]): HostState => ({
  host: host('director'),
  running: {
    ...bare(1),
    ipvs: {
      state: 'present',
      services: [{ key: WWW, config: RR, realServers: entries }],
      unreadable: [],
    },
  },
})

const step = (change: Partial<Step>): Step => ({
  ...{ id: 'x', hostId: 'director', hostName: 'director', subject: 'x', argv: [] },
  ...{ kind: 'entry', change: 'remove', why: reason('why.entry'), mayFail: false, phase: 30 },
  item: { kind: 'entry', service: WWW, realServer: { rip: '172.25.254.2', port: 80 } },
  ...change,
})

const service: Partial<Step> = { kind: 'service', item: { kind: 'service', service: WWW } }

test('a removed entry cuts its connections', () => {
  const steps = [step({ connections: 3 })]
  expect(touchedConnections({ steps }, [director(entry(2, 3))])).toEqual({
    ...{ cut: 3, reset: 0, ending: 0 },
  })
})

test('a removed service cuts those of all its entries, which have no steps of their own', () => {
  const hosts = [director(entry(2, 3), entry(3, 4))]
  expect(touchedConnections({ steps: [step(service)] }, hosts)).toEqual({
    ...{ cut: 7, reset: 7, ending: 0 },
  })
})

test('a quiesced entry leaves its connections to end', () => {
  const steps = [step({ change: 'edit', connections: 5 })]
  expect(touchedConnections({ steps }, [director(entry(2, 5))])).toEqual({
    ...{ cut: 0, reset: 0, ending: 5 },
  })
})

test('what nobody counted is unknown, and not 0', () => {
  expect(touchedConnections({ steps: [step({})] }, []).cut).toBeUndefined()
  const hosts = [director(entry(2, 3), entry(3))]
  expect(touchedConnections({ steps: [step(service)] }, hosts).cut).toBeUndefined()
})

test('a plan that only adds touches nothing', () => {
  const steps = [step({ change: 'add', kind: 'address' })]
  expect(touchedConnections({ steps }, [director()])).toEqual({
    ...{ cut: 0, reset: 0, ending: 0 },
  })
})

test('the last service of a director resets what it cuts; while another one stays, or comes, it hangs', () => {
  const other = { ...WWW, port: 443 }
  const [state] = [director(entry(2, 3))]
  const { running } = state
  if (running?.ipvs.state !== 'present') throw new Error('no table')
  const services = [...running.ipvs.services, { key: other, config: RR, realServers: [] }]
  const two = { ...state, running: { ...running, ipvs: { ...running.ipvs, services } } }
  const reset = (steps: Step[], of: HostState) => touchedConnections({ steps }, [of]).reset
  const added: Partial<Step> = { change: 'add', kind: 'service' }
  expect(reset([step(service)], state)).toBe(3)
  expect(reset([step(service)], two)).toBe(0)
  expect(reset([step(service), step(added)], state)).toBe(0)
  const both = { ...service, id: 'y', item: { kind: 'service', service: other } } as const
  expect(reset([step(service), step(both)], two)).toBe(3)
})
