import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { updateHostKey } from '@/lib/db/hosts'
import { saveLedger } from '@/lib/db/ledger'
import { useTestDatabase } from '@/lib/db/test-database'
import { inTransaction } from '@/lib/db/transaction'
import type { LiveHistory, LiveSnapshot } from '@/lib/lvs/live'
import { closeAll } from '@/lib/ssh/client'
import { type FakeHost, startFakeHost } from '@/lib/testing/fake-host'
import { createFakeKernel } from '@/lib/testing/fake-kernel'
import { createCluster } from './create-cluster'
import { deleteCluster } from './delete-cluster'
import { type LiveMessage, readLive, refreshLive, startLive, stopLive, subscribeLive } from './live'
import type { LoopSettings } from './live-loop'
import { addLab, contextOf, type Lab, NOW, tutorialForm } from './test-world'

const SETTINGS: LoopSettings = {
  ...{ intervalMs: 25, totalsEvery: 2, silentMs: 1_000, retryMs: 10, retryMostMs: 40 },
}
const SERVICE = ['-t', '172.25.254.100:80']
const ada = contextOf('Ada')

let remove: () => Promise<void>
let lab: Lab
let machine: FakeHost
let clusterId: string

/** Makes the director of the lab the fake host, as `root`, or as `student` with sudo. */
async function pointDirectorAt(host: FakeHost, user: 'root' | 'student' = 'root') {
  const key = { fingerprint: host.fingerprint, type: 'ssh-ed25519', approvedAt: NOW }
  await inTransaction(async (tx) => {
    const data = { port: host.port, user, become: user === 'root' ? 'root' : 'sudo' }
    await tx.host.update({ where: { id: lab.director }, data })
    await updateHostKey(tx, lab.director, { ...key, approvedBy: 'Ada' })
  })
}

beforeEach(async () => {
  ;({ remove } = await useTestDatabase())
  globalThis.tunboardSecretKey = Buffer.alloc(32, 1)
  lab = await addLab()
  clusterId = await createCluster(ada, tutorialForm(lab))
  const kernel = createFakeKernel({ hostName: 'director' })
  machine = await startFakeHost({
    kernel,
    users: [
      { name: 'root', root: true, password: 'x' },
      { name: 'student', root: false, password: 'x' },
    ],
  })
  kernel.exec(['modprobe', 'ip_vs'])
  kernel.exec(['ipvsadm', '-A', ...SERVICE, '-s', 'rr'])
  for (const rip of ['172.25.254.2', '172.25.254.3'])
    kernel.exec(['ipvsadm', '-a', ...SERVICE, '-r', `${rip}:80`, '-i'])
  await pointDirectorAt(machine)
})
afterEach(async () => {
  await stopLive()
  await closeAll()
  await machine.close()
  await remove()
})

function connect(count: number) {
  for (let n = 0; n < count; n++)
    machine.kernel.openConnection(SERVICE, `172.25.254.250:${1024 + n}`)
}

/** Follows a cluster as a browser does, and waits for what is to come. */
function follow(id = clusterId) {
  const messages: LiveMessage[] = []
  const wakers = new Set<() => void>()
  let ended = false
  const wake = () => {
    for (const waker of wakers) waker()
  }
  const unsubscribe = subscribeLive(id, {
    onMessage(message) {
      messages.push(message)
      wake()
    },
    onEnd() {
      ended = true
      wake()
    },
  })
  const latest = () => {
    const data = messages.findLast(({ event }) => event === 'live')?.data
    return data === undefined ? undefined : (JSON.parse(data) as LiveSnapshot)
  }
  async function until<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      await new Promise<void>((resolve) => {
        const waker = () => {
          wakers.delete(waker)
          resolve()
        }
        wakers.add(waker)
      })
    }
  }
  return {
    unsubscribe,
    messages,
    latest,
    untilEnd: () => until(() => (ended ? true : undefined)),
    /** Waits for the first snapshot, from now on, of which `holds` is true. */
    untilLive: (holds: (snapshot: LiveSnapshot) => boolean) =>
      until(() => {
        const snapshot = latest()
        return snapshot !== undefined && holds(snapshot) ? snapshot : undefined
      }),
  }
}
const activeOf = (snapshot: LiveSnapshot | undefined) =>
  snapshot?.services[0]?.realServers.map(({ active }) => active) ?? []
const isLost = (snapshot: LiveSnapshot) => snapshot.directors[0]?.lost !== undefined

describe('following a cluster', () => {
  beforeEach(() => startLive(SETTINGS))

  test('counts, rates and shares of its service come from the director', async () => {
    const page = follow()
    await page.untilLive(({ services }) => services.length === 1)
    connect(6)
    const snapshot = await page.untilLive((live) =>
      live.services.some((service) => service.distribution.connections === 6),
    )
    expect(snapshot.directors).toMatchObject([
      { hostId: lab.director, name: 'director', absent: false },
    ])
    expect(snapshot.services).toMatchObject([
      {
        key: 'tcp 172.25.254.100:80',
        scheduler: 'rr',
        realServers: [
          { key: '172.25.254.3:80', weight: 1, active: 3, share: 0.5, promised: 0.5 },
          { key: '172.25.254.2:80', weight: 1, active: 3, share: 0.5, promised: 0.5 },
        ],
        distribution: { verdict: { code: 'distribution.too-few' } },
      },
    ])
    expect(readLive(clusterId)?.services).toHaveLength(1)
  })

  test('the services of others in the same table are not shown', async () => {
    machine.kernel.exec(['ipvsadm', '-A', '-t', '172.25.254.100:8080', '-s', 'rr'])
    const { services } = await follow().untilLive((live) => live.services.length > 0)
    expect(services.map(({ key }) => key)).toEqual(['tcp 172.25.254.100:80'])
  })

  test('one channel serves all who look, and a page that opens later has the history', async () => {
    const pages = [follow(), follow(), follow()]
    for (const page of pages) await page.untilLive((live) => live.services.length > 0)
    connect(2)
    await pages[0]?.untilLive((live) => activeOf(live).join() === '1,1')
    const late = follow()
    expect(late.messages.map(({ event }) => event)).toEqual(['history', 'live'])
    const history = JSON.parse(late.messages[0]?.data ?? '') as LiveHistory
    const column = history.active['tcp 172.25.254.100:80']?.['172.25.254.2:80']
    expect(column?.[0]).toBe(0)
    expect(column?.at(-1)).toBe(1)
    expect(column).toHaveLength(history.at.length)
    expect(machine.received.streams).toBe(1)
  })

  test('all who look get the very same text, made once', async () => {
    const [a, b] = [follow(), follow()]
    await a.untilLive((live) => live.services.length > 0)
    await b.untilLive((live) => live.services.length > 0)
    expect(b.messages.at(-1)?.data).toBe(a.messages.at(-1)?.data)
  })

  test('a director that is lost is said to be, with since when; its last counts stay; found again, it goes on', async () => {
    const page = follow()
    connect(2)
    const before = await page.untilLive((live) => activeOf(live).join() === '1,1')
    await machine.setMisbehaviour({ name: 'unreachable' })
    const lost = await page.untilLive(isLost)
    expect(lost.directors[0]?.lost?.reason).toMatchObject({ values: { host: 'director' } })
    expect(lost.directors[0]?.lost?.since).toBeGreaterThanOrEqual(
      before.directors[0]?.readAt ?? Infinity,
    )
    expect(activeOf(lost)).toEqual([1, 1])
    await machine.setMisbehaviour(undefined)
    const found = await page.untilLive((live) => !isLost(live))
    expect(found.services[0]?.realServers[0]?.ratesUnknown).toBe('first-read')
    const history = JSON.parse(follow().messages[0]?.data ?? '') as LiveHistory
    expect(history.active['tcp 172.25.254.100:80']?.['172.25.254.2:80']).toContain(null)
  })

  test('a director that hangs is lost', async () => {
    const page = follow()
    await page.untilLive((live) => live.services.length > 0)
    await machine.setMisbehaviour({ name: 'hangs' })
    machine.drop()
    const { directors } = await page.untilLive(isLost)
    expect(directors[0]?.lost?.reason.code).toMatch(/^unreachable\./)
  })

  test('a changed host key is not talked to', async () => {
    const page = follow()
    await page.untilLive((live) => live.services.length > 0)
    await machine.setMisbehaviour({ name: 'changed-host-key' })
    const lost = await page.untilLive(
      ({ directors }) => directors[0]?.lost?.reason.code === 'unreachable.host-key-changed',
    )
    expect(activeOf(lost)).toHaveLength(2)
  })

  test('without ip_vs on the director there is nothing, and that is said', async () => {
    delete machine.kernel.state.ipvs
    const snapshot = await follow().untilLive(({ directors }) => directors[0]?.absent === true)
    expect(snapshot.services).toEqual([])
  })
})

describe('a user who is not root', () => {
  test('reads totals by sudo', async () => {
    await pointDirectorAt(machine, 'student')
    await startLive(SETTINGS)
    const page = follow()
    await page.untilLive((live) => live.services[0]?.connectionsPerSecond === 0)
    expect(page.latest()?.directors[0]?.denied).toBeUndefined()
  })

  test('and is refused: counts go on, and the page is told why there are no rates', async () => {
    await pointDirectorAt(machine, 'student')
    await machine.setMisbehaviour({ name: 'sudo-asks-password' })
    await startLive(SETTINGS)
    const page = follow()
    await page.untilLive(({ directors }) => directors[0]?.denied !== undefined)
    connect(4)
    const snapshot = await page.untilLive((live) => activeOf(live).join() === '2,2')
    expect(snapshot.directors[0]?.denied).toEqual({
      code: 'ipvs.denied',
      values: { text: 'sudo: a password is required' },
    })
    expect(snapshot.services[0]?.realServers[0]?.ratesUnknown).toBe('denied')
    expect(snapshot.services[0]?.distribution.verdict.code).toBe('distribution.denied')
    // It asked once, then went on with counts alone.
    expect(machine.received.streams).toBe(2)
  })
})

describe('what is watched', () => {
  const apply = () =>
    saveLedgerOf([
      {
        hostId: lab.director,
        item: {
          kind: 'service',
          service: { kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port: 80 },
        },
        ...{ state: 'ours', origin: 'applied', clusters: [clusterId], since: 'a1' },
      },
    ])
  const saveLedgerOf = (rows: Parameters<typeof saveLedger>[1]) =>
    inTransaction((tx) => saveLedger(tx, rows))

  test('from the start: clusters with something applied, before anybody looks', async () => {
    await apply()
    await startLive(SETTINGS)
    expect(readLive(clusterId)?.directors).toHaveLength(1)
  })

  test('but not a cluster that was never applied', async () => {
    await startLive(SETTINGS)
    expect(readLive(clusterId)).toBeUndefined()
    expect(machine.received.auth).toEqual([])
  })

  test('a cluster that is deleted ends its streams', async () => {
    await startLive(SETTINGS)
    const page = follow()
    await page.untilLive((live) => live.services.length > 0)
    await deleteCluster(ada, { clusterId, version: 1 })
    await refreshLive()
    await page.untilEnd()
    expect(readLive(clusterId)).toBeUndefined()
  })

  test('stopping ends every stream', async () => {
    await startLive(SETTINGS)
    const page = follow()
    await page.untilLive((live) => live.services.length > 0)
    await stopLive()
    await page.untilEnd()
  })
})
