import { expect, test } from 'vitest'
import { InvalidInput } from '../errors'
import { DEFAULT_OPTIONS } from './cluster'
import { clusterFormSchema } from './cluster-form'
import { parseForm } from './form'
import { IPIP } from './service'

/** What a browser sends for the tutorial: text, and nothing for what was left alone. */
const TUTORIAL = {
  name: ' web ',
  director: { hostId: 'director', dip: '172.25.254.1' },
  service: {
    ...{ kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port: '80', scheduler: 'rr' },
    ...{ persistenceSeconds: '', persistenceMask: '', persistenceEngine: '' },
  },
  realServers: [
    { hostId: 'server2', name: '', rip: '172.25.254.2', port: '' },
    { hostId: 'server3', rip: '172.25.254.3', weight: '0' },
  ],
}
const parse = (input: unknown) => parseForm(clusterFormSchema, input)

function fieldsOf(input: unknown): Record<string, string> {
  try {
    parse(input)
  } catch (error) {
    if (error instanceof InvalidInput) return error.fields
    throw error
  }
  return {}
}

test("the tutorial's cluster is a name, addresses and defaults", () => {
  const plain = { forwarding: IPIP, upperThreshold: 0, lowerThreshold: 0 }
  expect(parse(TUTORIAL)).toStrictEqual({
    name: 'web',
    director: { hostId: 'director', dip: '172.25.254.1' },
    service: {
      key: { kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port: 80 },
      vips: [],
      config: { scheduler: 'rr', flags: [], onePacket: false },
    },
    realServers: [
      { hostId: 'server2', rip: '172.25.254.2', config: { ...plain, weight: 1 } },
      { hostId: 'server3', rip: '172.25.254.3', config: { ...plain, weight: 0 } },
    ],
    options: DEFAULT_OPTIONS,
  })
})

test('an empty form names every field that it needs', () => {
  const service = { kind: 'address', protocol: '', vip: '', port: '', scheduler: '' }
  const director = { hostId: '', dip: '' }
  const realServers = [{ hostId: '', rip: '', weight: 'many' }]
  expect(fieldsOf({ name: '', director, service, realServers })).toEqual({
    name: 'name.required',
    'director.hostId': 'required',
    'director.dip': 'address.invalid',
    'service.protocol': 'required',
    'service.vip': 'address.invalid',
    'service.port': 'port.invalid',
    'service.scheduler': 'scheduler.unknown',
    'realServers.0.rip': 'address.invalid',
    'realServers.0.weight': 'weight.invalid',
  })
})

test('a service that does not fit together is named without the real servers tripping over it', () => {
  const service = { ...TUTORIAL.service, flags: 'sh-port' }
  expect(fieldsOf({ ...TUTORIAL, service })).toEqual({ 'service.flags': 'flags.scheduler' })
})

test('a real server twice, at another port than a tunnel can have, or at the VIP is refused', () => {
  const [first] = TUTORIAL.realServers
  const realServers = [
    first,
    { ...first, port: '80' },
    { rip: '172.25.254.3', port: '8080' },
    { rip: '172.25.254.100' },
    { rip: '172.25.254.4', port: '8080', method: 'masquerade' },
    { rip: 'fd00::4' },
    { rip: 'fd00::5', method: 'route' },
  ]
  expect(fieldsOf({ ...TUTORIAL, realServers })).toEqual({
    'realServers.1.rip': 'real-server.duplicate',
    'realServers.2.port': 'real-server.same-port',
    'realServers.3.rip': 'rip.is-vip',
    'realServers.6.rip': 'rip.family',
  })
})

test('options that are not known, and a device that Linux would not take, are refused', () => {
  const options = { arpScope: 'some', directorDevice: 'eth0/../all' }
  expect(fieldsOf({ ...TUTORIAL, options })).toEqual({
    'options.arpScope': 'required',
    'options.directorDevice': 'device.invalid',
  })
  const empty = { arpScope: '', rpFilter: '', directorTunnel: '', directorDevice: '' }
  expect(parse({ ...TUTORIAL, options: empty }).options).toEqual(DEFAULT_OPTIONS)
})
