import assert from 'node:assert/strict'
import { getApply } from '@/lib/db/applies'
import { useTestDatabase } from '@/lib/db/test-database'
import { Conflict } from '@/lib/errors'
import { planSaveNow, saveRules } from '@/lib/ops/save-rules'
import { createTutorial, operator, planAndApply, registerLab } from '@/lib/ops/test-fleet'
import { closeAll } from '@/lib/ssh/client'
import { type FakeLab, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import type { Case, CaseGroup } from './case'

const RULES = '/etc/ipvsadm.rules'
const FILES = [RULES, '/etc/default/ipvsadm', '/etc/modules-load.d/tunboard.conf'] as const
const AT_ONCE = 10
const TEXTS = 40

type World = { fleet: FakeLab; clusterId: string; first: Record<string, string> }

const files = ({ fleet }: World) => fleet.hosts.director.kernel.state.files

/** The disk as it was before the first save. */
const begin = (world: World): void => {
  const all = files(world)
  for (const path of Object.keys(all)) delete all[path]
  Object.assign(all, world.first)
}

async function save({ clusterId }: World, name = 'Ada'): Promise<string> {
  const started = await saveRules(operator(name), { scope: { kind: 'cluster', id: clusterId } })
  await started.done
  return (await getApply(started.applyId)).state
}

const left = async ({ clusterId }: World) =>
  (await planSaveNow({ kind: 'cluster', id: clusterId })).plan.steps.map(({ subject }) => subject)

/** One writes; the other is told that the hosts are taken, or comes so late that nothing is left to write. */
const atOnce = (world: World, n: number): Case => ({
  name: `two saves at once ${n}`,
  async run() {
    begin(world)
    const both = await Promise.allSettled([save(world, 'Ada'), save(world, 'Bob')])
    const won = both.filter((each) => each.status === 'fulfilled' && each.value === 'verified')
    const lost = both.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    assert.equal(won.length, 1)
    assert.ok(lost[0] instanceof Conflict && ['locked', 'plan-empty'].includes(lost[0].reason))
    assert.deepEqual(await left(world), [])
  },
})

const edited = (world: World, path: string): Case => ({
  name: `${path} edited by hand after its plan was read`,
  async run() {
    begin(world)
    const scope = { kind: 'cluster', id: world.clusterId } as const
    const { fingerprint } = await planSaveNow(scope)
    files(world)[path] = '# by hand\n'
    await assert.rejects(saveRules(operator(), { scope, fingerprint }), { reason: 'plan-moved' })
    assert.equal(files(world)[path], '# by hand\n')
  },
})

const LINES = [
  '# the mail team',
  '',
  '  # indented: a restore ends here',
  'what is this',
  '-A -t 10.0.0.9:25 -s wlc -p 300',
  '-a -t 10.0.0.9:25 -r 10.0.0.8:25 -g -w 1',
  '--start-daemon master --mcast-interface eth0',
  '-A -t 172.25.254.100:80 -s wlc',
  '-a -t 172.25.254.100:80 -r 172.25.254.2:80 -g -w 9',
]

/** The same texts each time; which lines and how many is drawn by a small generator (Numerical Recipes). */
function textOf(n: number): string {
  let state = n * 2_654_435_761
  const draw = (most: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % most
  }
  const lines = Array.from({ length: 1 + draw(12) }, () => LINES[draw(LINES.length)] ?? '')
  return lines.join('\n') + (draw(3) === 0 ? '' : '\n')
}

const foreign = (text: string) =>
  text.split('\n').filter((line) => line !== '' && !line.includes('172.25.254.100'))

const merged = (world: World, n: number): Case => ({
  name: `comments, unknown lines and rules of others ${n}`,
  async run() {
    begin(world)
    const before = textOf(n)
    files(world)[RULES] = before
    assert.equal(await save(world), 'verified')
    const after = files(world)[RULES] ?? ''
    assert.deepEqual(foreign(after), foreign(before))
    assert.ok(after.includes('-A -t 172.25.254.100:80 -s rr\n'))
    assert.deepEqual(await left(world), [])
  },
})

async function withWorld(use: (world: World) => Promise<void>): Promise<void> {
  // biome-ignore lint/correctness/useHookAtTopLevel: no hook of React
  const { remove } = await useTestDatabase()
  globalThis.tunboardSecretKey = Buffer.alloc(32, 1)
  const fleet = await startFakeLab()
  try {
    const lab = await registerLab(fleet.hosts, LAB_LOGIN)
    const clusterId = await createTutorial(lab)
    await planAndApply(clusterId)
    await use({ fleet, clusterId, first: { ...fleet.hosts.director.kernel.state.files } })
  } finally {
    await closeAll()
    await fleet.close()
    await remove()
  }
}

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1)

/** Whole saves through Tunboard, over SSH, on hosts that are fakes. */
export const tunboardGroup: CaseGroup = {
  name: 'whole saves',
  with: (use) =>
    withWorld((world) =>
      use([
        ...numbers(AT_ONCE).map((n) => atOnce(world, n)),
        ...FILES.map((path) => edited(world, path)),
        ...numbers(TEXTS).map((n) => merged(world, n)),
      ]),
    ),
}
