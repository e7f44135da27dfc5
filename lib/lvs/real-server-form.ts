import { z } from 'zod'
import { InvalidInput } from '../errors'
import { familyOf } from './address'
import { isUnusable } from './address-choices'
import {
  addressField,
  emptyAsAbsent,
  idField,
  integerField,
  nameField,
  optional,
  optionalInteger,
} from './form'
import type { Forwarding, RealServerConfig, RealServerKey, ServiceKey } from './service'

/** ipvsadm 1.31 and the kernel's u32 take more; nothing above is ever meant. */
const MAX_THRESHOLD = 2147483647

const or =
  <T>(value: T) =>
  (given: unknown) =>
    emptyAsAbsent(given) ?? value

const fields = {
  weight: z.preprocess(or(1), integerField(0, 65535, 'weight.invalid')),
  method: z.preprocess(
    or('tunnel'),
    z.enum(['tunnel', 'route', 'masquerade'], { error: 'required' }),
  ),
  tunnelType: z.preprocess(or('ipip'), z.enum(['ipip', 'gue', 'gre'], { error: 'required' })),
  tunnelPort: optionalInteger(1, 65535, 'port.invalid'),
  tunnelChecksum: z.preprocess(
    or('none'),
    z.enum(['none', 'csum', 'remcsum'], { error: 'required' }),
  ),
  upperThreshold: z.preprocess(or(0), integerField(0, MAX_THRESHOLD, 'threshold.invalid')),
  lowerThreshold: z.preprocess(or(0), integerField(0, MAX_THRESHOLD, 'threshold.invalid')),
}

type Entered = z.output<z.ZodObject<typeof fields>>

function checkConfig(form: Entered, context: z.RefinementCtx): void {
  const issue = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message })
  // The kernel answers ERANGE; a lower one without an upper one would never be looked at.
  if (form.lowerThreshold > form.upperThreshold) issue('lowerThreshold', 'threshold.order')
  if (form.method !== 'tunnel') return
  if (form.tunnelType === 'gue' && form.tunnelPort === undefined) issue('tunnelPort', 'tunnel.port')
  if (form.tunnelType === 'gre' && form.tunnelChecksum === 'remcsum') {
    issue('tunnelChecksum', 'tunnel.checksum')
  }
}

function forwardingOf(form: Entered): Forwarding {
  const { method, tunnelType, tunnelPort, tunnelChecksum } = form
  if (method !== 'tunnel') return { method }
  if (tunnelType === 'gue' && tunnelPort !== undefined) {
    return { method, tunnel: { type: 'gue', port: tunnelPort, checksum: tunnelChecksum } }
  }
  if (tunnelType === 'gre' && tunnelChecksum !== 'remcsum') {
    return { method, tunnel: { type: 'gre', checksum: tunnelChecksum } }
  }
  return { method, tunnel: { type: 'ipip' } }
}

function configOf(form: Entered): RealServerConfig {
  const { weight, upperThreshold, lowerThreshold } = form
  return { forwarding: forwardingOf(form), weight, upperThreshold, lowerThreshold }
}

/** The configuration of a real server as a person enters it: everything that `-e` replaces. */
export const realServerConfigSchema = z.object(fields).superRefine(checkConfig).transform(configOf)
export type RealServerConfigInput = z.input<typeof realServerConfigSchema>

/**
 * A real server as a person enters it: a host and one of its addresses, or an address alone where Tunboard does not
 * manage the machine. Without a port it gets the service's.
 */
export const realServerFormSchema = z
  .object({
    hostId: optional(idField),
    name: optional(nameField),
    rip: addressField.refine((rip) => !isUnusable(rip), 'rip.unusable'),
    port: optionalInteger(0, 65535, 'port.invalid'),
    ...fields,
  })
  .superRefine(checkConfig)
  .transform((form) => ({
    ...(form.hostId !== undefined && { hostId: form.hostId }),
    ...(form.name !== undefined && { name: form.name }),
    ...(form.port !== undefined && { port: form.port }),
    rip: form.rip,
    config: configOf(form),
  }))
export type RealServerFormInput = z.input<typeof realServerFormSchema>
export type RealServerForm = z.output<typeof realServerFormSchema>

/** Lists what of a real server does not fit a service, by field (LVS-TUN facts, 1.2: port and family of `-r`). */
export function fitErrors(
  service: ServiceKey,
  { rip, port, config }: Pick<RealServerForm, 'rip' | 'port' | 'config'>,
): Record<string, string> {
  const isTunnel = config.forwarding.method === 'tunnel'
  const family = service.kind === 'address' ? familyOf(service.vip) : service.family
  // ipvsadm stores the service's port whatever is given, except for masquerading and marks.
  const fixedPort =
    service.kind === 'address' && config.forwarding.method !== 'masquerade'
      ? service.port
      : undefined
  return {
    ...(fixedPort !== undefined &&
      port !== undefined &&
      port !== fixedPort && { port: 'real-server.same-port' }),
    ...(!isTunnel && familyOf(rip) !== family && { rip: 'rip.family' }),
    ...(service.kind === 'address' && service.vip === rip && { rip: 'rip.is-vip' }),
  }
}

/** Tells the key that a real server gets in a service. Throws InvalidInput where it does not fit that service. */
export function realServerKeyIn(service: ServiceKey, form: RealServerForm): RealServerKey {
  const errors = fitErrors(service, form)
  if (Object.keys(errors).length > 0) throw new InvalidInput(errors)
  return { rip: form.rip, port: form.port ?? (service.kind === 'address' ? service.port : 0) }
}
