'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { SelectField } from '@/app/_ui/select-field'
import { TextField } from '@/app/_ui/text-field'
import type { DesiredService } from '@/lib/lvs/cluster'
import { PROTOCOLS, type Protocol } from '@/lib/lvs/service'
import { PersistenceFields } from './persistence-fields'
import { SchedulerFields } from './scheduler-fields'

type Props = {
  /** Before each name, e.g. `service.`. */
  prefix?: string
  /** What the director's kernel has. */
  schedulers: readonly string[] | undefined
  service?: DesiredService | undefined
  vips: readonly string[]
}

/** VIP, protocol and port: what a virtual service is known by. They cannot be changed afterwards. */
function KeyFields({
  prefix,
  vips,
  onProtocol,
}: {
  prefix: string
  vips: readonly string[]
  onProtocol: (protocol: string) => void
}) {
  const t = useTranslations('clusters.form.service')
  return (
    <div className="grid grid-cols-2 gap-4 sm:grid-cols-[minmax(0,1fr)_10rem_10rem]">
      <TextField
        name={`${prefix}vip`}
        label={t('vip')}
        help={t('vipHelp')}
        placeholder="172.25.254.100"
        defaultValue={vips[0]}
        autoComplete="off"
        className="max-sm:col-span-2"
        mono
      />
      <SelectField
        name={`${prefix}protocol`}
        label={t('protocol')}
        defaultValue="tcp"
        onChange={onProtocol}
        options={PROTOCOLS.map((protocol) => ({
          value: protocol,
          label: protocol,
          help: t(`protocolHelp.${protocol}`),
        }))}
        mono
      />
      <TextField
        name={`${prefix}port`}
        label={t('port')}
        help={t('portHelp')}
        defaultValue="80"
        inputMode="numeric"
        autoComplete="off"
        mono
      />
    </div>
  )
}

function FixedKey({ prefix, service }: { prefix: string; service: DesiredService }) {
  const { key } = service
  if (key.kind !== 'address') return null
  return (
    <>
      <input type="hidden" name={`${prefix}protocol`} value={key.protocol} />
      <input type="hidden" name={`${prefix}vip`} value={key.vip} />
      <input type="hidden" name={`${prefix}port`} value={key.port} />
    </>
  )
}

/** Everything of a virtual service: its key (fixed once it is there), scheduler, persistence. */
export function ServiceFields({ prefix = '', schedulers, service, vips }: Props) {
  const key = service?.key
  const [protocol, setProtocol] = useState<string>(
    key?.kind === 'address' ? key.protocol : ('tcp' satisfies Protocol),
  )
  return (
    <>
      <input type="hidden" name={`${prefix}kind`} value="address" />
      {service === undefined ? (
        <KeyFields prefix={prefix} vips={vips} onProtocol={setProtocol} />
      ) : (
        <FixedKey prefix={prefix} service={service} />
      )}
      <SchedulerFields prefix={prefix} schedulers={schedulers} config={service?.config} />
      <PersistenceFields prefix={prefix} protocol={protocol} config={service?.config} />
    </>
  )
}
