import { numberIn, parseHost, Refused, type Request } from './ipvsadm-words'
import type { FakeServiceKey } from './state'

function markKey(mark: string, family: 4 | 6): FakeServiceKey {
  const fwmark = numberIn(mark, 1, 4294967295)
  if (fwmark === undefined) throw new Refused(2, `invalid fwmark value \`${mark}' specified`)
  return { fwmark, family, protocol: 'tcp', address: family === 4 ? '0.0.0.0' : '::', port: 0 }
}

const PROTOCOLS = [['t', 'tcp'] as const, ['u', 'udp'] as const, ['sctp-service', 'sctp'] as const]

/** Reads which service is meant. */
export function serviceKeyOf({ options }: Request): FakeServiceKey | undefined {
  const mark = options.get('f')
  if (mark !== undefined) return markKey(mark, options.has('6') ? 6 : 4)
  if (options.has('6')) throw new Refused(2, '-6 used before -f\n')
  const [name = '', protocol = 'tcp'] = PROTOCOLS.find(([each]) => options.has(each)) ?? []
  const text = options.get(name)
  if (text === undefined) return undefined
  const host = parseHost(text)
  if (host === undefined) throw new Refused(2, 'illegal virtual server address[:port] specified')
  return { fwmark: 0, family: host.family, protocol, address: host.address, port: host.port ?? 0 }
}
