import { InvalidInput } from '@/lib/errors'
import type { DesiredRealServer } from '@/lib/lvs/cluster'
import { type RealServerForm, realServerKeyIn } from '@/lib/lvs/real-server-form'
import { formatRealServerKey, type ServiceKey } from '@/lib/lvs/service'
import { checkAddress, type KnownAddresses } from './check-address'

export type NewRealServer = Omit<DesiredRealServer, 'id'>

/**
 * Makes a real server of what a person entered, for one service: its name is the host's unless he gave one, its
 * address one that was read on the host. `prefix` names the form's fields. Throws InvalidInput.
 */
export function resolveRealServer(
  known: KnownAddresses,
  service: ServiceKey,
  form: RealServerForm,
  prefix = '',
): NewRealServer {
  const { hostId, rip, name, config } = form
  const host = checkAddress(
    known,
    { address: rip, ...(hostId !== undefined && { hostId }) },
    { host: `${prefix}hostId`, address: `${prefix}rip` },
  )
  return {
    name: name ?? host?.name ?? rip,
    ...(hostId !== undefined && { hostId }),
    key: realServerKeyIn(service, form),
    config,
  }
}

/** Checks that a service does not get the same real server twice. Throws InvalidInput. */
export function checkNoDuplicate(
  present: readonly Pick<DesiredRealServer, 'key'>[],
  { key }: NewRealServer,
  prefix = '',
): void {
  const name = formatRealServerKey(key)
  if (present.every((realServer) => formatRealServerKey(realServer.key) !== name)) return
  throw new InvalidInput({ [`${prefix}rip`]: 'real-server.duplicate' })
}
