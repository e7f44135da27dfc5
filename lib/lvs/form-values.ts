import type { DesiredService } from './cluster'
import type { RealServerConfig } from './service'

/** What a field of a form is filled with: text, a list of ticked boxes, or one box. */
export type FormValues = Record<string, string | boolean | readonly string[]>

/** Writes a service as its form shows it; serviceFormSchema reads the same service from it. */
export function serviceValues({
  key,
  config,
  vips,
}: Pick<DesiredService, 'key' | 'config' | 'vips'>): FormValues {
  const { scheduler, flags, persistence, onePacket, persistenceEngine } = config
  return {
    kind: key.kind,
    ...(key.kind === 'address'
      ? { protocol: key.protocol, vip: key.vip, port: String(key.port) }
      : { mark: String(key.mark), family: String(key.family), vips }),
    ...{ scheduler, flags, onePacket },
    persistenceSeconds: persistence === undefined ? '' : String(persistence.timeoutSeconds),
    persistenceMask: persistence?.mask ?? '',
    persistenceEngine: persistenceEngine ?? '',
  }
}

/** Writes a real server's configuration as its form shows it; realServerConfigSchema reads the same from it. */
export function realServerValues(config: RealServerConfig): FormValues {
  const { forwarding, weight, upperThreshold, lowerThreshold } = config
  const tunnel = forwarding.method === 'tunnel' ? forwarding.tunnel : undefined
  return {
    weight: String(weight),
    method: forwarding.method,
    tunnelType: tunnel?.type ?? 'ipip',
    tunnelPort: tunnel?.type === 'gue' ? String(tunnel.port) : '',
    tunnelChecksum: tunnel === undefined || tunnel.type === 'ipip' ? 'none' : tunnel.checksum,
    upperThreshold: String(upperThreshold),
    lowerThreshold: String(lowerThreshold),
  }
}
