import { expect, test } from 'vitest'
import { InvalidInput } from '../errors'
import { parseForm } from './form'
import { SCHEDULER_NAMES } from './scheduler'
import { serviceFormSchema } from './service-form'

const WEB = { kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port: '80', scheduler: 'rr' }
const MARK = { kind: 'fwmark', mark: '7', family: '4', vips: ['172.25.254.100'], scheduler: 'rr' }

const parse = (input: unknown) => parseForm(serviceFormSchema, input)
function fieldsOf(input: unknown): Record<string, string> {
  try {
    parse(input)
  } catch (error) {
    if (error instanceof InvalidInput) return error.fields
    throw error
  }
  return {}
}

test('a service with everything is read from text', () => {
  const form = {
    ...WEB,
    ...{ protocol: 'udp', vip: 'FD00:0::100', scheduler: 'sh', onePacket: 'on' },
    ...{ flags: ['sh-port', 'sh-fallback', 'sh-port'] },
    ...{ persistenceSeconds: '360', persistenceMask: '64', persistenceEngine: 'sip' },
  }
  expect(parse(form)).toStrictEqual({
    key: { kind: 'address', protocol: 'udp', vip: 'fd00::100', port: 80 },
    vips: [],
    config: {
      ...{ scheduler: 'sh', flags: ['sh-fallback', 'sh-port'], onePacket: true },
      ...{ persistence: { timeoutSeconds: 360, mask: '64' }, persistenceEngine: 'sip' },
    },
  })
})

test('a firewall mark carries the VIPs that the hosts must hold', () => {
  expect(parse({ ...MARK, mark: '4294967295', onePacket: true })).toStrictEqual({
    key: { kind: 'fwmark', mark: 4294967295, family: 4 },
    vips: ['172.25.254.100'],
    config: { scheduler: 'rr', flags: [], onePacket: true },
  })
  expect(fieldsOf({ ...MARK, mark: '0' })).toEqual({ mark: 'mark.invalid' })
  expect(fieldsOf({ ...MARK, mark: '4294967296' })).toEqual({ mark: 'mark.invalid' })
  expect(fieldsOf({ ...MARK, family: '5' })).toEqual({ family: 'required' })
  expect(fieldsOf({ ...MARK, vips: ['172.25.254.100', 'fd00::1'] })).toEqual({
    'vips.1': 'vip.family',
  })
})

test('port 0 is a port, but only with persistence; an empty port is none', () => {
  expect(fieldsOf({ ...WEB, port: '0' })).toEqual({ persistenceSeconds: 'persistence.port-zero' })
  expect(parse({ ...WEB, port: '0', persistenceSeconds: '360' }).key).toMatchObject({ port: 0 })
  for (const port of ['', ' ', undefined, '65536', '-1', '80.5', 'http']) {
    expect(fieldsOf({ ...WEB, port })).toEqual({ port: 'port.invalid' })
  }
})

test('one-packet scheduling and the SIP engine are for UDP and marks', () => {
  for (const protocol of ['tcp', 'sctp']) {
    expect(fieldsOf({ ...WEB, protocol, onePacket: 'on' })).toEqual({
      onePacket: 'one-packet.protocol',
    })
  }
  const sip = { persistenceEngine: 'sip', persistenceSeconds: '60' }
  expect(fieldsOf({ ...WEB, ...sip })).toEqual({ persistenceEngine: 'persistence-engine.udp' })
  expect(fieldsOf({ ...MARK, ...sip })).toEqual({})
})

test('each flag belongs to one scheduler', () => {
  const takers = (flag: string) =>
    SCHEDULER_NAMES.filter(
      (scheduler) => Object.keys(fieldsOf({ ...WEB, scheduler, flags: flag })).length === 0,
    )
  expect(takers('sh-port')).toEqual(['sh'])
  expect(takers('mh-fallback')).toEqual(['mh'])
  expect(takers('flag-1')).toEqual([])
})

test('persistence lasts 1 second to 31 days, and its mask is a mask of its family', () => {
  for (const persistenceSeconds of ['0', '2678401', '1.5', 'long']) {
    expect(fieldsOf({ ...WEB, persistenceSeconds })).toEqual({
      persistenceSeconds: 'persistence.invalid',
    })
  }
  const sticky = { ...WEB, persistenceSeconds: '2678400' }
  for (const persistenceMask of ['255.255.255.255', '255.255.254.0', '128.0.0.0']) {
    expect(fieldsOf({ ...sticky, persistenceMask })).toEqual({})
  }
  for (const persistenceMask of ['0.0.0.0', '255.0.255.0', '255.255.255', '24', '/24']) {
    expect(fieldsOf({ ...sticky, persistenceMask })).toEqual({
      persistenceMask: 'persistence-mask.invalid',
    })
  }
  for (const persistenceMask of ['0', '129', '255.255.255.0']) {
    expect(fieldsOf({ ...sticky, vip: 'fd00::100', persistenceMask })).toEqual({
      persistenceMask: 'persistence-mask.invalid',
    })
  }
  expect(fieldsOf({ ...WEB, persistenceMask: '255.255.255.0' })).toEqual({
    persistenceSeconds: 'persistence.required',
  })
})

test('an address that no client can reach is no VIP', () => {
  for (const vip of ['0.0.0.0', '127.0.0.1', '224.0.0.18', '255.255.255.255', '::', '::1']) {
    expect(fieldsOf({ ...WEB, vip })).toEqual({ vip: 'vip.unusable' })
  }
  expect(fieldsOf({ ...WEB, vip: 'fe80::1' })).toEqual({ vip: 'vip.unusable' })
  expect(fieldsOf({ ...WEB, vip: 'ff02::1' })).toEqual({ vip: 'vip.unusable' })
  expect(fieldsOf({ ...WEB, vip: 'www.example.org' })).toEqual({ vip: 'address.invalid' })
})
