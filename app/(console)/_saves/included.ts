import { type ServiceKey, serviceKeySchema } from '@/lib/lvs/service'

/** A foreign service that somebody ticked, and on which host. */
export type Included = { hostId: string; service: ServiceKey }

// tcp 172.25.254.100:80 · udp [2001:db8::1]:53 · fwmark 7 · fwmark 7 ipv6
const ADDRESS = /^(tcp|udp|sctp) \[?([^\]]+?)\]?:(\d+)$/
const MARK = /^fwmark (\d+)( ipv6)?$/

function fieldsOf(text: string): unknown {
  const [, protocol, vip, port] = ADDRESS.exec(text) ?? []
  if (protocol !== undefined) return { kind: 'address', protocol, vip, port }
  const [, mark, ipv6] = MARK.exec(text) ?? []
  return { kind: 'fwmark', mark, family: ipv6 === undefined ? 4 : 6 }
}

/** Reads ticks of an address or a form: `HOST tcp 172.25.254.100:80`. What is none is left out: it ticks nothing. */
export function parseIncluded(texts: readonly string[]): Included[] {
  return texts.flatMap((text) => {
    const space = text.indexOf(' ')
    const service = serviceKeySchema.safeParse(fieldsOf(text.slice(space + 1)))
    return space > 0 && service.success
      ? [{ hostId: text.slice(0, space), service: service.data }]
      : []
  })
}

/** Writes a tick; `service` as formatServiceKey does. */
export const formatIncluded = (hostId: string, service: string): string => `${hostId} ${service}`
