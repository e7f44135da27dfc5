import { expect, test } from 'vitest'
import { InvalidInput } from '../errors'
import { parseForm } from './form'
import { realServerConfigSchema, realServerFormSchema, realServerKeyIn } from './real-server-form'
import { IPIP, type ServiceKey } from './service'

const config = (input: unknown) => parseForm(realServerConfigSchema, input)
function fieldsOf(run: () => unknown): Record<string, string> {
  try {
    run()
  } catch (error) {
    if (error instanceof InvalidInput) return error.fields
    throw error
  }
  return {}
}

test('nothing entered is an ipip tunnel of weight 1 without thresholds', () => {
  const defaults = { forwarding: IPIP, weight: 1, upperThreshold: 0, lowerThreshold: 0 }
  expect(config({})).toStrictEqual(defaults)
  expect(config({ weight: '', method: '', tunnelType: '', upperThreshold: ' ' })).toStrictEqual(
    defaults,
  )
})

test('a weight of 0 is kept, not read as unset', () => {
  expect(config({ weight: '0' }).weight).toBe(0)
  expect(config({ weight: 0 }).weight).toBe(0)
  expect(config({ weight: '65535' }).weight).toBe(65535)
  for (const weight of ['-1', '65536', '1.5', 'x']) {
    expect(fieldsOf(() => config({ weight }))).toEqual({ weight: 'weight.invalid' })
  }
})

test('the lower threshold may not exceed the upper one', () => {
  expect(config({ upperThreshold: '100', lowerThreshold: '100' }).lowerThreshold).toBe(100)
  expect(fieldsOf(() => config({ upperThreshold: '100', lowerThreshold: '101' }))).toEqual({
    lowerThreshold: 'threshold.order',
  })
  expect(fieldsOf(() => config({ lowerThreshold: '1' }))).toEqual({
    lowerThreshold: 'threshold.order',
  })
})

test('a tunnel keeps what belongs to its type, and nothing else', () => {
  const gue = { tunnelType: 'gue', tunnelPort: '6080', tunnelChecksum: 'remcsum' }
  const tunnel = (input: unknown) => config(input).forwarding
  expect(tunnel(gue)).toStrictEqual({
    method: 'tunnel',
    tunnel: { type: 'gue', port: 6080, checksum: 'remcsum' },
  })
  expect(tunnel({ ...gue, tunnelType: 'gre', tunnelChecksum: 'csum' })).toStrictEqual({
    method: 'tunnel',
    tunnel: { type: 'gre', checksum: 'csum' },
  })
  expect(tunnel({ ...gue, tunnelType: 'ipip' })).toStrictEqual(IPIP)
  expect(tunnel({ ...gue, method: 'route' })).toStrictEqual({ method: 'route' })
  expect(fieldsOf(() => config({ ...gue, tunnelPort: '' }))).toEqual({ tunnelPort: 'tunnel.port' })
  expect(fieldsOf(() => config({ ...gue, tunnelType: 'gre' }))).toEqual({
    tunnelChecksum: 'tunnel.checksum',
  })
})

test("a real server gets its service's port, and in a mark the port that is given", () => {
  const web: ServiceKey = { kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port: 80 }
  const mark: ServiceKey = { kind: 'fwmark', mark: 7, family: 4 }
  const keyIn = (service: ServiceKey, input: object) =>
    realServerKeyIn(service, parseForm(realServerFormSchema, { rip: '172.25.254.2', ...input }))
  expect(keyIn(web, {})).toEqual({ rip: '172.25.254.2', port: 80 })
  expect(keyIn(web, { port: '8080', method: 'masquerade' }).port).toBe(8080)
  expect(keyIn(mark, { port: '' }).port).toBe(0)
  expect(keyIn(mark, { port: '8080' }).port).toBe(8080)
  expect(fieldsOf(() => keyIn(web, { port: '8080' }))).toEqual({ port: 'real-server.same-port' })
  expect(fieldsOf(() => keyIn(mark, { rip: '127.0.0.1' }))).toEqual({ rip: 'rip.unusable' })
  expect(fieldsOf(() => keyIn(mark, { rip: 'fd00::2', method: 'route' }))).toEqual({
    rip: 'rip.family',
  })
})
