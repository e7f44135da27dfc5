import { expect, test } from 'vitest'
import { isApplyable, isForbidden, type Plan, type Refusal, standingRefusals } from './plan'
import { reason } from './reason'

const may: Refusal = { override: 'last www', why: reason('refusal.last-real-server') }
const never: Refusal = { why: reason('refusal.denied') }

const planOf = (refusals: readonly Refusal[]): Plan => ({
  ...{ clusterId: 'www', basis: '', refusals },
  ...{ steps: [], debts: [], waiting: [], notes: [] },
  bookkeeping: [{ hostId: 'director', item: { kind: 'module', name: 'ip_vs' }, clusters: [] }],
})

test('a refusal forbids the plan until a person accepts exactly this one', () => {
  const plan = planOf([may])
  expect(isApplyable(plan)).toBe(false)
  expect(isApplyable(plan, new Set(['last dns']))).toBe(false)
  expect(isApplyable(plan, new Set(['last www']))).toBe(true)
  expect(isForbidden(plan)).toBe(false)
})

test('a refusal that nobody can accept stands whatever was accepted', () => {
  const plan = planOf([may, never])
  expect(standingRefusals(plan, new Set(['last www', '']))).toEqual([never])
  expect(isApplyable(plan, new Set(['last www', '']))).toBe(false)
  expect(isForbidden(plan)).toBe(true)
})
