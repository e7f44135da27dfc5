import { parseCount } from './parse-lines'
import type { Options } from './parse-options'
import type { Forwarding, Tunnel, TunnelChecksum } from './service'

const CHECKSUMS = [
  ['nocsum', 'none'],
  ['csum', 'csum'],
  ['remcsum', 'remcsum'],
] as const satisfies readonly (readonly [string, TunnelChecksum])[]

// --tun-type gue --tun-port 6080 --tun-remcsum      --tun-type gre --tun-nocsum      --tun-type ipip
/** Reads how a tunnel wraps; refuses what ipvsadm refuses: options on ipip, gue without a port, gre with one. */
function parseTunnel(options: Options): Tunnel | undefined {
  const given = CHECKSUMS.filter(([name]) => options.has(name)).map(([, checksum]) => checksum)
  const portText = options.get('tunnelPort')
  const port = parseCount(portText, 65535)
  const [checksum = 'none'] = given
  if (given.length > 1) return undefined
  switch (options.get('tunnelType') ?? 'ipip') {
    case 'ipip':
      return given.length === 0 && portText === undefined ? { type: 'ipip' } : undefined
    case 'gue':
      return port === undefined || port === 0 ? undefined : { type: 'gue', port, checksum }
    case 'gre':
      if (portText !== undefined || checksum === 'remcsum') return undefined
      return { type: 'gre', checksum }
    default:
      return undefined
  }
}

/** Reads the forwarding method of an entry line; none given means `-g` (ipvsadm(8)). */
export function parseForwarding(options: Options): Forwarding | undefined {
  const methods = (['gateway', 'tunnel', 'masquerade'] as const).filter((name) => options.has(name))
  if (methods.length > 1) return undefined
  if (methods[0] === 'tunnel') {
    const tunnel = parseTunnel(options)
    return tunnel === undefined ? undefined : { method: 'tunnel', tunnel }
  }
  const others = ['tunnelType', 'tunnelPort', 'nocsum', 'csum', 'remcsum'] as const
  if (others.some((name) => options.has(name))) return undefined
  return { method: methods[0] === 'masquerade' ? 'masquerade' : 'route' }
}
