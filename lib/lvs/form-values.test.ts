import { expect, test } from 'vitest'
import { parseForm } from './form'
import { realServerValues, serviceValues } from './form-values'
import { realServerConfigSchema } from './real-server-form'
import type { Forwarding, ServiceConfig, ServiceKey } from './service'
import { serviceFormSchema } from './service-form'

test('a service goes through its form unchanged', () => {
  const address: ServiceKey = { kind: 'address', protocol: 'udp', vip: 'fd00::100', port: 0 }
  const mark: ServiceKey = { kind: 'fwmark', mark: 4294967295, family: 4 }
  const plain: ServiceConfig = {
    ...{ scheduler: 'mh', flags: ['mh-fallback', 'mh-port'], onePacket: true },
    ...{ persistence: { timeoutSeconds: 360, mask: '64' }, persistenceEngine: 'sip' },
  }
  const services = [
    { key: address, config: plain, vips: [] },
    { key: mark, config: { scheduler: 'rr', flags: [], onePacket: false }, vips: ['10.0.0.1'] },
  ]
  for (const service of services) {
    expect(parseForm(serviceFormSchema, serviceValues(service))).toStrictEqual(service)
  }
})

test('a real server goes through its form unchanged, whatever its forwarding', () => {
  const ways: Forwarding[] = [
    { method: 'route' },
    { method: 'masquerade' },
    { method: 'tunnel', tunnel: { type: 'ipip' } },
    { method: 'tunnel', tunnel: { type: 'gue', port: 6080, checksum: 'remcsum' } },
    { method: 'tunnel', tunnel: { type: 'gre', checksum: 'csum' } },
  ]
  for (const forwarding of ways) {
    const config = { forwarding, weight: 0, upperThreshold: 9, lowerThreshold: 0 }
    expect(parseForm(realServerConfigSchema, realServerValues(config))).toStrictEqual(config)
  }
})
