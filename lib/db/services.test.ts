import { afterEach, beforeEach, expect, test } from 'vitest'
import { DEFAULT_OPTIONS } from '@/lib/lvs/cluster'
import type { Forwarding, ServiceKey } from '@/lib/lvs/service'
import { createCluster, getCluster } from './clusters'
import { createServices } from './services'
import { useTestDatabase } from './test-database'
import { inTransaction } from './transaction'

let remove: () => Promise<void>
beforeEach(async () => {
  ;({ remove } = await useTestDatabase())
})
afterEach(() => remove())

const RR = { scheduler: 'rr', flags: [], onePacket: false }
const realServer = (rip: string, port: number, forwarding: Forwarding, weight = 1) => ({
  ...{ name: rip, key: { rip, port } },
  config: { forwarding, weight, upperThreshold: 0, lowerThreshold: 0 },
})
const TUNNEL: Forwarding = { method: 'tunnel', tunnel: { type: 'ipip' } }
const GUE: Forwarding = { method: 'tunnel', tunnel: { type: 'gue', port: 6080, checksum: 'csum' } }

test('services that are written together are read back as they were, with everything that they have', async () => {
  const address: ServiceKey = { kind: 'address', protocol: 'udp', vip: 'fd00::1', port: 53 }
  const services = [
    { key: { kind: 'fwmark', mark: 4_000_000_000, family: 4 } as const, config: RR },
    { key: address, config: { ...RR, onePacket: true, persistence: { timeoutSeconds: 300 } } },
  ].map((each, at) => ({
    ...each,
    vips: at === 0 ? ['10.0.0.9'] : ['fd00::1'],
    realServers:
      at === 0
        ? [realServer('10.0.0.2', 0, TUNNEL, 0), realServer('10.0.0.3', 0, GUE, 65_535)]
        : [realServer('fd00::2', 53, { method: 'route' })],
  }))
  const id = await inTransaction(async (tx) => {
    const made = { name: 'www', options: DEFAULT_OPTIONS, directors: [] }
    const id = await createCluster(tx, made)
    await createServices(tx, id, services)
    return id
  })
  const { desired } = await getCluster(id)
  const byName = (a: { vips: readonly string[] }, b: { vips: readonly string[] }) =>
    String(a.vips) < String(b.vips) ? -1 : 1
  expect([...desired.services].sort(byName)).toMatchObject([...services].sort(byName))
  expect(desired.services.every(({ realServers }) => realServers.length > 0)).toBe(true)
})

test('more real servers than one statement takes are all there', async () => {
  const key: ServiceKey = { kind: 'address', protocol: 'tcp', vip: '10.0.0.1', port: 80 }
  const realServers = Array.from({ length: 5_001 }, (_, at) =>
    realServer(`10.1.${at >> 8}.${at & 255}`, 80, TUNNEL),
  )
  const id = await inTransaction(async (tx) => {
    const id = await createCluster(tx, { name: 'www', options: DEFAULT_OPTIONS, directors: [] })
    await createServices(tx, id, [{ key, config: RR, vips: ['10.0.0.1'], realServers }])
    return id
  })
  const [service] = (await getCluster(id)).desired.services
  expect(new Set(service?.realServers.map((each) => each.key.rip)).size).toBe(5_001)
})
