import { expect, test } from 'vitest'
import { bulkCommand, isAsAdded, isBulk, splitBulk } from './bulk'
import { entryCommand, serviceCommand } from './commands'
import type { Item } from './ledger'
import type { Step } from './plan'
import { reason } from './reason'
import type { Running, RunningService } from './running'
import { bare, RR, VIP, WEIGHT_1, WWW } from './tutorial-world'

const key = (port: number) => ({ ...WWW, port })
const stepOf = (item: Item, argv: readonly string[], more: Partial<Step> = {}): Step => ({
  ...{ id: argv.join(' '), hostId: 'director', hostName: 'director', item, argv, subject: 'x' },
  ...{ kind: item.kind, change: 'add', why: reason('why.entry'), mayFail: false, phase: 26 },
  ...more,
})
const service = (port: number): Step =>
  stepOf({ kind: 'service', service: key(port) }, serviceCommand('-A', key(port), ['-s', 'rr']), {
    after: '-s rr',
  })
const entry = (port: number, more: Partial<Step> = {}): Step => {
  const realServer = { rip: '172.25.254.2', port }
  const item: Item = { kind: 'entry', service: key(port), realServer }
  return stepOf(item, entryCommand('-a', key(port), realServer, ['-i', '-w', '1']), {
    after: '-i -w 1',
    ...more,
  })
}
const vip = stepOf({ kind: 'address', address: VIP, device: 'tunl0' }, ['ip', 'address', 'add'])
const many = (count: number, make: (port: number) => Step) =>
  Array.from({ length: count }, (_, at) => make(8001 + at))
const sizes = (steps: readonly Step[]) => splitBulk(steps).map((run) => run.length)

test('services, then their entries, then what edits or deletes: each in an exchange of its own', () => {
  const edit = entry(1, { change: 'edit' })
  const steps = [vip, ...many(9, service), ...many(30, entry), edit, edit]
  expect(sizes(steps)).toEqual([1, 9, 30, 2])
  expect(splitBulk(steps).map(isBulk)).toEqual([false, true, true, false])
  expect(splitBulk(steps).flat()).toEqual(steps)
})

test('few of them stay what they were: one exchange, a command each', () => {
  expect(sizes([vip, ...many(7, service), ...many(7, entry)])).toEqual([15])
  expect(sizes([vip, ...many(2, service), ...many(8, entry)])).toEqual([3, 8])
})

test('a step that is no add, or may fail, is never part of a run', () => {
  for (const more of [{ change: 'remove' }, { mayFail: true }, { kind: 'claim' }] as const)
    expect(isBulk(many(12, (port) => entry(port, more)))).toBe(false)
  expect(isBulk([...many(8, service), ...many(8, entry)])).toBe(false)
})

test('more lines than one exchange takes are several of one size', () => {
  expect(sizes(many(25_000, entry))).toEqual([8334, 8334, 8332])
})

test('the lines are the words of the commands, and time is given by their number', () => {
  expect(bulkCommand([service(81), service(82)])).toEqual({
    argv: ['ipvsadm', '-R'],
    stdin: `-A -t ${VIP}:81 -s rr\n-A -t ${VIP}:82 -s rr\n`,
    timeoutSeconds: 9,
  })
  expect(bulkCommand(many(5000, entry)).timeoutSeconds).toBe(25)
})

test('what reading back shows decides: as written, and a new service with nothing in it', () => {
  const table = (services: readonly RunningService[]): Running => ({
    ...bare(1),
    ipvs: { state: 'present', services, unreadable: [] },
  })
  const own = { key: { rip: '172.25.254.2', port: 81 }, config: WEIGHT_1 }
  const ours = { key: key(81), config: RR, realServers: [] }
  expect(isAsAdded(service(81), table([ours]))).toBe(true)
  expect(isAsAdded(service(81), table([]))).toBe(false)
  expect(isAsAdded(service(81), table([{ ...ours, config: { ...RR, scheduler: 'wlc' } }]))).toBe(
    false,
  )
  expect(isAsAdded(service(81), table([{ ...ours, realServers: [own] }]))).toBe(false)
  expect(isAsAdded(entry(81), table([{ ...ours, realServers: [own] }]))).toBe(true)
  expect(isAsAdded(entry(81, { after: '-i -w 2' }), table([{ ...ours, realServers: [own] }]))).toBe(
    false,
  )
})
