import { z } from 'zod'
import type { Address } from './address'
import {
  ARP_SCOPES,
  type ClusterOptions,
  DEFAULT_OPTIONS,
  DIRECTOR_TUNNELS,
  RP_FILTER_WAYS,
} from './cluster'
import { addressField, emptyAsAbsent, idField, nameField, versionField } from './form'
import { fitErrors, type RealServerForm, realServerFormSchema } from './real-server-form'
import { type ServiceForm, serviceFormSchema } from './service-form'

const or =
  <T>(value: T) =>
  (given: unknown) =>
    emptyAsAbsent(given) ?? value

/** What Linux takes as the name of a device (dev_valid_name, 15 bytes), without what sysctl(8) would read as a path. */
const DEVICE = /^(?!\.{1,2}$)[^\s/:%]{1,15}$/

const optionFields = {
  arpScope: z.preprocess(or(DEFAULT_OPTIONS.arpScope), z.enum(ARP_SCOPES, { error: 'required' })),
  rpFilter: z.preprocess(
    or(DEFAULT_OPTIONS.rpFilter),
    z.enum(RP_FILTER_WAYS, { error: 'required' }),
  ),
  directorTunnel: z.preprocess(
    or(DEFAULT_OPTIONS.directorTunnel),
    z.enum(DIRECTOR_TUNNELS, { error: 'required' }),
  ),
  directorDevice: z.preprocess(
    or(DEFAULT_OPTIONS.directorDevice),
    z.string().trim().regex(DEVICE, 'device.invalid'),
  ),
}

/** How real servers and directors of a cluster are prepared; what is left out gets its default. */
export const clusterOptionsSchema = z.object(optionFields)

/** The name and options of a cluster: what edit-cluster changes. */
export const clusterEditSchema = z.object({ name: nameField, options: clusterOptionsSchema })
export type ClusterEdit = z.output<typeof clusterEditSchema>

/** Which cluster a form changes, and the desired version that it was made from. */
export const clusterTarget = { clusterId: idField, version: versionField }
export type ClusterTarget = { clusterId: string; version: number }

/** A director as a person enters it: a host, and the one of its addresses that is the DIP. */
const directorSchema = z.object({ hostId: idField, dip: addressField })

export type ClusterForm = {
  name: string
  director: { hostId: string; dip: Address }
  service: ServiceForm
  realServers: RealServerForm[]
  options: ClusterOptions
}

/**
 * A whole cluster as a person enters it: one director, one virtual service and its real servers. More services are
 * added afterwards.
 */
export const clusterFormSchema = z
  .object({
    name: nameField,
    director: directorSchema,
    service: serviceFormSchema,
    realServers: z.preprocess((given) => given ?? [], z.array(realServerFormSchema)),
    options: z.preprocess((given) => given ?? {}, clusterOptionsSchema),
  })
  // A transform, because zod runs refinements also where a part has failed its own, and is not made yet.
  .transform((form, context) => {
    checkRealServers(form, (index, field, message) =>
      context.addIssue({ code: 'custom', path: ['realServers', index, field], message }),
    )
    return form
  })
export type ClusterFormInput = z.input<typeof clusterFormSchema>

function checkRealServers(
  { service, realServers }: Pick<ClusterForm, 'service' | 'realServers'>,
  addIssue: (index: number, field: string, message: string) => void,
): void {
  const servicePort = service.key.kind === 'address' ? service.key.port : 0
  const seen = new Set<string>()
  for (const [index, realServer] of realServers.entries()) {
    const errors = Object.entries(fitErrors(service.key, realServer))
    for (const [field, message] of errors) addIssue(index, field, message)
    const key = `${realServer.rip} ${realServer.port ?? servicePort}`
    if (seen.has(key)) addIssue(index, 'rip', 'real-server.duplicate')
    seen.add(key)
  }
}
