import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { listSavedItems, replaceSavedItems } from '@/lib/db/saves'
import { inTransaction } from '@/lib/db/transaction'
import { formatItem } from '@/lib/lvs/ledger'
import type { HostState } from '@/lib/lvs/running'
import { LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import { recordSave } from './record-save'
import { planSaveNow, saveRules } from './save-rules'
import { withFiles } from './save-scope'
import { operator, planAndApply } from './test-fleet'
import { useTestLab } from './test-lab'
import type { Lab } from './test-world'

// The watch after an apply looks five times with pauses of two seconds: here time passes at once.
vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }))

let lab: Lab
let clusterId: string
let stop: () => Promise<void>
beforeEach(async () => {
  ;({ lab, clusterId, stop } = await useTestLab(startFakeLab, LAB_LOGIN))
  await planAndApply(clusterId)
}, 30_000)
afterEach(() => stop())

const ada = operator('Ada')
const scope = () => ({ kind: 'cluster', id: clusterId }) as const
const save = async () => (await saveRules(ada, { scope: scope() })).done
const known = async () =>
  (await listSavedItems([lab.server2])).map(({ item }) => formatItem(item)).sort()

/** A host as it is when it does not answer. */
const silent = (state: HostState): HostState =>
  state.host.id === lab.server2
    ? { host: state.host, unreachable: { code: 'unreachable.timeout', values: {} } }
    : state

/** Remembers a save that read some hosts before its steps, and some after them. */
async function remember(before: (state: HostState) => HostState, after: typeof before) {
  const planned = await planSaveNow(scope())
  const hosts = planned.hosts.map(before)
  const read = new Set(withFiles(hosts).map(({ host }) => host.id))
  const items = planned.plan.items.filter(({ hostId }) => read.has(hostId))
  const plan = { ...planned.plan, items }
  const record = recordSave({ context: ada, kind: 'save', plan, before: withFiles(hosts) })
  const outcome = { applyId: 'a', at: new Date(), hosts: planned.hosts.map(after) }
  const verified = outcome.hosts.every(({ running }) => running !== undefined)
  await inTransaction((tx) => record(tx, { ...outcome, verified }))
}

test('a host that comes back while a save of others is read back keeps what of ours is in its files', async () => {
  await save()
  const before = await known()
  expect(before).not.toEqual([])
  await remember(silent, (state) => state)
  expect(await known()).toEqual(before)
})

test('a host that is gone when a save is read back may hold what was to be written: it is remembered', async () => {
  await remember((state) => state, silent)
  expect(await known()).toContain('address 172.25.254.100 on tunl0')
})

test('a save that finds its files written already remembers that they are ours', async () => {
  await save()
  const before = await known()
  await inTransaction((tx) => replaceSavedItems(tx, lab.server2, []))
  await expect(save()).rejects.toMatchObject({ reason: 'plan-empty' })
  expect(await known()).toEqual(before)
})
