import { z } from 'zod'
import { type Address, familyOf, portSchema } from './address'
import { isUnusable } from './address-choices'
import {
  addressField,
  checkbox,
  emptyAsAbsent,
  integerField,
  listField,
  optional,
  optionalInteger,
} from './form'
import { isScheduler, SCHEDULER_NAMES, SCHEDULERS } from './scheduler'
import { PROTOCOLS, type ServiceConfig, type ServiceKey } from './service'

/** ipvsadm(8), `-p`: 31 days. */
const MAX_PERSISTENCE_SECONDS = 2678400

const MASK_V4 = /^(255|254|252|248|240|224|192|128|0)(\.(255|254|252|248|240|224|192|128|0)){3}$/

const key = z.discriminatedUnion(
  'kind',
  [
    z.object({
      kind: z.literal('address'),
      protocol: z.enum(PROTOCOLS, { error: 'required' }),
      vip: addressField,
      port: z.preprocess((value) => emptyAsAbsent(value) ?? Number.NaN, portSchema),
    }),
    z.object({
      kind: z.literal('fwmark'),
      mark: integerField(1, 4294967295, 'mark.invalid'),
      family: z.coerce
        .number({ error: 'required' })
        .pipe(z.union([z.literal(4), z.literal(6)], { error: 'required' })),
      vips: listField(addressField),
    }),
  ],
  { error: 'required' },
)

const config = z.object({
  scheduler: z.enum(SCHEDULER_NAMES, { error: 'scheduler.unknown' }),
  flags: listField(z.string()),
  persistenceSeconds: optionalInteger(1, MAX_PERSISTENCE_SECONDS, 'persistence.invalid'),
  /** Clients of one network stick together: a netmask for IPv4, a prefix length for IPv6. */
  persistenceMask: optional(z.string().trim()),
  onePacket: checkbox,
  persistenceEngine: optional(z.enum(['sip'], { error: 'persistence-engine.unknown' })),
})

/** A virtual service as a person enters it: its key and its configuration in one. */
export const serviceFormSchema = z
  .intersection(key, config)
  .superRefine((form, context) => {
    for (const [field, message] of Object.entries(crossErrors(form))) {
      context.addIssue({ code: 'custom', path: [field], message })
    }
  })
  .transform(toService)
export type ServiceFormInput = z.input<typeof serviceFormSchema>
export type ServiceForm = z.output<typeof serviceFormSchema>

type Entered = z.output<typeof key> & z.output<typeof config>
type Errors = Record<string, string>

/** Checks what depends on more than one field (ipvsadm 1.31 and the kernel refuse these; LVS-TUN facts, 1.2). */
function crossErrors(form: Entered): Errors {
  return { ...keyErrors(form), ...persistenceErrors(form), ...flagErrors(form) }
}

function keyErrors(form: Entered): Errors {
  if (form.kind === 'fwmark') {
    const bad = form.vips.findIndex((vip) => familyOf(vip) !== form.family)
    return bad < 0 ? {} : { [`vips.${bad}`]: 'vip.family' }
  }
  return {
    ...(isUnusable(form.vip) && { vip: 'vip.unusable' }),
    ...(form.port === 0 &&
      form.persistenceSeconds === undefined && { persistenceSeconds: 'persistence.port-zero' }),
    ...(form.onePacket && form.protocol !== 'udp' && { onePacket: 'one-packet.protocol' }),
    ...(form.persistenceEngine !== undefined &&
      form.protocol !== 'udp' && { persistenceEngine: 'persistence-engine.udp' }),
  }
}

function persistenceErrors(form: Entered): Errors {
  const { persistenceSeconds, persistenceMask, persistenceEngine } = form
  if (persistenceSeconds === undefined) {
    return {
      ...(persistenceMask !== undefined && { persistenceSeconds: 'persistence.required' }),
      ...(persistenceEngine !== undefined && { persistenceSeconds: 'persistence.required' }),
    }
  }
  if (persistenceMask === undefined) return {}
  const family = form.kind === 'address' ? familyOf(form.vip) : form.family
  return isMask(persistenceMask, family) ? {} : { persistenceMask: 'persistence-mask.invalid' }
}

/** A netmask of ones and then zeros, not empty, for IPv4; 1 to 128 for IPv6. */
function isMask(text: string, family: 4 | 6): boolean {
  if (family === 6) return /^([1-9]\d?|1[01]\d|12[0-8])$/.test(text)
  if (!MASK_V4.test(text)) return false
  const bits = text.split('.').map((octet) => Number(octet).toString(2).padStart(8, '0'))
  return /^1+0*$/.test(bits.join(''))
}

function flagErrors({ scheduler, flags }: Entered): Errors {
  const known: readonly string[] = isScheduler(scheduler) ? SCHEDULERS[scheduler].flags : []
  return flags.every((flag) => known.includes(flag)) ? {} : { flags: 'flags.scheduler' }
}

const isPart = (mask: string | undefined): mask is string =>
  mask !== undefined && mask !== '255.255.255.255' && mask !== '128'

function toService(form: Entered): { key: ServiceKey; config: ServiceConfig; vips: Address[] } {
  const { scheduler, flags, onePacket, persistenceSeconds, persistenceMask } = form
  return {
    key:
      form.kind === 'address'
        ? { kind: form.kind, protocol: form.protocol, vip: form.vip, port: form.port }
        : { kind: form.kind, mark: form.mark, family: form.family },
    vips: form.kind === 'fwmark' ? [...new Set(form.vips)] : [],
    config: {
      ...{ scheduler, onePacket, flags: [...new Set(flags)].sort() },
      ...(persistenceSeconds !== undefined && {
        persistence: {
          timeoutSeconds: persistenceSeconds,
          // the kernel tells no mask of a whole address: it would never read back
          ...(isPart(persistenceMask) && { mask: persistenceMask }),
        },
      }),
      ...(form.persistenceEngine !== undefined && { persistenceEngine: form.persistenceEngine }),
    },
  }
}
