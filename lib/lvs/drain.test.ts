import { expect, test } from 'vitest'
import { countDrained, drainedEntries, removesOnly } from './drain'
import type { Plan, Step } from './plan'
import type { Running } from './running'
import { bare, cluster, RR, WEIGHT_1, WWW } from './tutorial-world'

const entries = drainedEntries(cluster([2, 3]), ['rs3'])

const director = (weight: number, active: number | undefined): Running => ({
  ...bare(1),
  ipvs: {
    state: 'present',
    unreadable: [],
    services: [
      {
        key: WWW,
        config: RR,
        realServers: [
          {
            key: { rip: '172.25.254.3', port: 80 },
            config: { ...WEIGHT_1, weight },
            ...(active === undefined ? {} : { active, inactive: 5 }),
          },
        ],
      },
    ],
  },
})

test('a drain is the entries of its real servers, in whichever service', () => {
  expect(entries).toMatchObject([{ id: 'rs3', persistent: false, service: WWW }])
  expect(drainedEntries(cluster([2]), ['rs3'])).toEqual([])
})

test('the wait counts only what is quiesced', () => {
  expect(countDrained(director(0, 3), entries)).toEqual({ active: 3, inactive: 5 })
  expect(countDrained(director(1, 3), entries)).toBeUndefined()
})

test('unknown is not 0: a table that was not read ends no drain', () => {
  expect(countDrained(director(0, undefined), entries)).toBeUndefined()
  expect(countDrained({ ...bare(1), ipvs: { state: 'absent' } }, entries)).toBeUndefined()
})

test('an entry that is gone already has no connections left to wait for', () => {
  const gone: Running = {
    ...bare(1),
    ipvs: {
      state: 'present',
      unreadable: [],
      services: [{ key: WWW, config: RR, realServers: [] }],
    },
  }
  expect(countDrained(gone, entries)).toEqual({ active: 0, inactive: 0 })
})

test('the second apply runs by itself only where it removes what was drained, and nothing else', () => {
  const removal = {
    item: { kind: 'entry', service: WWW, realServer: { rip: '172.25.254.3', port: 80 } },
    change: 'remove',
    phase: 30,
  } as unknown as Step
  const cleanUp = { item: { kind: 'link', device: 'tunl0' }, change: 'remove', phase: 42 } as Step
  const other = { ...removal, change: 'edit', phase: 27 } as Step
  const planOf = (...steps: Step[]) => ({ steps }) as unknown as Plan
  expect(removesOnly(planOf(removal, cleanUp), entries)).toBe(true)
  expect(removesOnly(planOf(removal, other), entries)).toBe(false)
})
