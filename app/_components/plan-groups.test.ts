import { expect, test } from 'vitest'
import { planCluster } from '@/lib/lvs/plan-cluster'
import { bare, bareHosts, cluster, host } from '@/lib/lvs/tutorial-world'
import { groupSteps, movedSteps } from './plan-groups'

const plan = (lans: readonly number[], hosts = bareHosts()) =>
  planCluster({ clusterId: 'www', clusters: [cluster(lans)], hosts, ledger: [] }).steps

test('each host has its steps together, the real servers before the director', () => {
  const groups = groupSteps(plan([2, 3]))
  expect(groups.map(({ hostName }) => hostName)).toEqual(['server2', 'server3', 'director'])
})

test('the places are those of the journal, one after the other through all groups', () => {
  const steps = plan([2, 3])
  const places = groupSteps(steps).flatMap((group) => group.steps.map(({ position }) => position))
  expect(places).toEqual(steps.map((_, position) => position))
})

test('a host that is touched before and after others comes twice', () => {
  const [first] = plan([2])
  if (first === undefined) throw new Error('the tutorial has steps')
  const at = (hostId: string, phase: number) => ({ ...first, hostId, hostName: hostId, phase })
  const groups = groupSteps([at('server2', 12), at('director', 24), at('server2', 40)])
  expect(groups.map(({ hostId }) => hostId)).toEqual(['server2', 'director', 'server2'])
})

test('a plan that moved names the steps that came and went, and not those that stayed', () => {
  const before = plan([2, 3])
  const ready = { ...bare(3), modules: ['ipip'] }
  const hosts = bareHosts().map((each) =>
    each.host.id === 'server3' ? { host: host('server3'), running: ready } : each,
  )
  const { gone, added } = movedSteps(before, plan([2, 3], hosts))
  expect(gone.map(({ hostName, subject }) => `${hostName} ${subject}`)).toContain('server3 ipip')
  expect([...gone, ...added].every(({ hostName }) => hostName === 'server3')).toBe(true)
})

test('the same plan has not moved', () => {
  expect(movedSteps(plan([2]), plan([2]))).toEqual({ gone: [], added: [] })
})
