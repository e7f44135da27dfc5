import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { getApply } from '@/lib/db/applies'
import { listAuditEvents } from '@/lib/db/audit'
import { getCluster } from '@/lib/db/clusters'
import { listLedger } from '@/lib/db/ledger'
import { listSavedChecks } from '@/lib/db/saved-checks'
import { listSavedItems, listSaves } from '@/lib/db/saves'
import { useTestDatabase } from '@/lib/db/test-database'
import { formatItem } from '@/lib/lvs/ledger'
import { closeAll } from '@/lib/ssh/client'
import { type FakeLab, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import { checkSaved, readSurvival } from './check-saved'
import { planPutBackNow, putBack } from './put-back'
import { removeRealServer } from './remove-real-server'
import { planSaveNow, saveRules } from './save-rules'
import { takeDownCluster } from './take-down-cluster'
import { createTutorial, operator, planAndApply, registerLab } from './test-fleet'
import type { Lab } from './test-world'
import { planUninstallNow, uninstall } from './uninstall'

// The watch after an apply looks five times with pauses of two seconds: here time passes at once.
vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }))

let fleet: FakeLab
let lab: Lab
let clusterId: string
let remove: () => Promise<void>
beforeEach(async () => {
  ;({ remove } = await useTestDatabase())
  globalThis.tunboardSecretKey = Buffer.alloc(32, 1)
  fleet = await startFakeLab()
  lab = await registerLab(fleet.hosts, LAB_LOGIN)
  clusterId = await createTutorial(lab)
  await planAndApply(clusterId)
}, 30_000)
afterEach(async () => {
  await closeAll()
  await fleet.close()
  await remove()
})

const ada = operator('Ada')
const RULES = '/etc/ipvsadm.rules'
const scope = () => ({ kind: 'cluster', id: clusterId }) as const
const file = (name: keyof FakeLab['hosts'], path: string) => fleet.hosts[name].kernel.read(path)
const version = async () => (await getCluster(clusterId)).version

async function save(context = ada) {
  const { applyId, done } = await saveRules(context, { scope: scope() })
  await done
  return getApply(applyId)
}

const states = async () =>
  Object.fromEntries(
    (await readSurvival(scope())).hosts.map(({ host, survival }) => [host.name, survival?.state]),
  )

test('one click saves, is read back as saved, and every host survives a reboot', async () => {
  expect(await states()).toEqual({ director: 'lost', server2: 'lost', server3: 'lost' })
  const { state, kind, subject, failure } = await save()
  expect({ state, kind, failure }).toEqual({ state: 'verified', kind: 'save', failure: undefined })
  expect(subject).toEqual({ kind: 'cluster', id: clusterId, name: 'web' })
  expect((await planSaveNow(scope())).plan.steps).toEqual([])
  const checks = await listSavedChecks()
  expect(checks.map(({ survival }) => survival?.state)).toEqual(Array(3).fill('survives'))
  for (const { kernel } of Object.values(fleet.hosts)) kernel.reboot()
  expect((await planAndApplyNothing()).steps).toEqual([])
})

const planAndApplyNothing = async () => {
  const { planNow } = await import('./plan-now')
  return (await planNow(clusterId)).plan
}

test('a second click has nothing to write, and says so', async () => {
  await save()
  await expect(saveRules(ada, { scope: scope() })).rejects.toMatchObject({ reason: 'plan-empty' })
})

test('what is desired but not applied is not saved', async () => {
  const { desired } = await getCluster(clusterId)
  const [first] = desired.services.flatMap(({ realServers }) => realServers)
  await removeRealServer(ada, {
    clusterId,
    version: await version(),
    realServerIds: [first?.id ?? ''],
  })
  await expect(saveRules(ada, { scope: scope() })).rejects.toMatchObject({ reason: 'plan-refused' })
  expect(await listSaves({})).toEqual([])
})

test('a file that was edited after its plan was read is a conflict, and the edit stays', async () => {
  const { fingerprint } = await planSaveNow(scope())
  fleet.hosts.director.kernel.state.files[RULES] = '# by hand\n'
  const refused = saveRules(ada, { scope: scope(), fingerprint })
  await expect(refused).rejects.toMatchObject({ reason: 'plan-moved' })
  expect(file('director', RULES)).toBe('# by hand\n')
})

test('of two saves at once one does it, and the other is told who', async () => {
  const both = await Promise.allSettled([save(ada), save(operator('Bob'))])
  const lost = both.filter(({ status }) => status === 'rejected')
  expect(lost).toHaveLength(1)
  expect(lost[0]).toMatchObject({ reason: { code: 'Conflict', reason: 'locked' } })
  expect((await planSaveNow(scope())).plan.steps).toEqual([])
})

test('somebody’s edit of a saved file shows, with the file, since when, and in the audit trail', async () => {
  await save()
  const saved = file('director', RULES)
  fleet.hosts.director.kernel.state.files[RULES] = `${saved}# by hand\n`
  await checkSaved()
  const [seen] = (await listSavedChecks([lab.director])).map(({ changed }) => changed)
  expect(seen?.paths).toEqual([RULES])
  await checkSaved()
  const [again] = (await listSavedChecks([lab.director])).map(({ changed }) => changed)
  expect(again?.at).toEqual(seen?.at)
  const events = (await listAuditEvents()).filter(({ action }) => action === 'saved-edited')
  expect(events.map(({ subject, detail }) => [subject, detail.files])).toEqual([
    [`host:${lab.director}`, RULES],
  ])
})

test('the history keeps who saved what, and an earlier one is put back through a plan', async () => {
  await save()
  const { desired } = await getCluster(clusterId)
  const third = desired.services.flatMap(({ realServers }) => realServers)[1]
  await removeRealServer(ada, {
    clusterId,
    version: await version(),
    realServerIds: [third?.id ?? ''],
  })
  await planAndApply(clusterId)
  expect(await states()).toMatchObject({ director: 'doubtful', server3: 'doubtful' })
  await save(operator('Bob'))
  expect(file('director', RULES)).not.toContain('172.25.254.3')
  const [newest, first] = await listSaves({ hostIds: [lab.director] })
  expect([newest?.by.name, first?.by.name]).toEqual(['Bob', 'Ada'])
  expect(newest?.files.find(({ path }) => path === RULES)?.before).toContain('172.25.254.3')

  const saveId = first?.id ?? ''
  const { plan, fingerprint } = await planPutBackNow(saveId)
  expect(plan.steps.map(({ subject }) => subject)).toEqual([RULES])
  await (await putBack(ada, { saveId, fingerprint })).done
  expect(file('director', RULES)).toContain('172.25.254.3')
  expect((await listSaves({ hostIds: [lab.director] })).map(({ kind }) => kind)).toEqual([
    'put-back',
    'save',
    'save',
  ])
})

test('a full disk leaves the old file, the failure says so, and the next save does it', async () => {
  const before = file('director', RULES)
  fleet.hosts.director.kernel.state.disk = 'full'
  const { state, failure } = await save()
  expect(state).toBe('failed')
  expect(failure).toMatchObject({ reason: 'file-not-written', values: { host: 'director' } })
  expect(file('director', RULES)).toBe(before)
  fleet.hosts.director.kernel.state.disk = 'fine'
  expect((await save()).state).toBe('verified')
})

test('every trace goes from a host that no cluster uses, and the ledger forgets it', async () => {
  const { files } = structuredClone(fleet.hosts.server2.kernel.state)
  await save()
  expect((await planUninstallNow(lab.server2)).plan.refusals).toMatchObject([
    { why: { code: 'refusal.uninstall-used', values: { clusters: 'web' } } },
  ])
  await takeDownCluster(ada, { clusterId, version: await version() })
  await planAndApply(clusterId)
  const { fingerprint } = await planUninstallNow(lab.server2)
  const { applyId, done } = await uninstall(ada, { hostId: lab.server2, fingerprint })
  await done
  expect(await getApply(applyId)).toMatchObject({ state: 'verified', kind: 'uninstall' })
  expect(fleet.hosts.server2.kernel.state.files).toEqual(files)
  expect(
    (await listLedger({ hostIds: [lab.server2] })).map(({ item }) => formatItem(item)),
  ).toEqual([])
  expect(await listSavedItems([lab.server2])).toEqual([])
})
