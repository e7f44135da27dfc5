'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { CheckboxField } from '@/app/_ui/checkbox-field'
import { TextField } from '@/app/_ui/text-field'
import type { ServiceConfig } from '@/lib/lvs/service'

/** ipvsadm's own, when `-p` is given without a number. */
const DEFAULT_SECONDS = 360

/** Whether a client comes back to the same real server; and, for UDP, whether every packet is scheduled by itself. */
export function PersistenceFields({
  prefix,
  protocol,
  config,
}: {
  prefix: string
  protocol: string
  config: ServiceConfig | undefined
}) {
  const t = useTranslations('clusters.form.persistence')
  const persistence = config?.persistence
  const [isOn, setOn] = useState(persistence !== undefined)
  return (
    <>
      <CheckboxField
        name={`${prefix}isPersistent`}
        label={t('label')}
        help={t('help')}
        defaultChecked={isOn}
        onChange={setOn}
      />
      {isOn && (
        <div className="grid gap-4 pl-6.5 sm:grid-cols-2">
          <TextField
            name={`${prefix}persistenceSeconds`}
            label={t('seconds')}
            help={t('secondsHelp')}
            defaultValue={persistence?.timeoutSeconds ?? DEFAULT_SECONDS}
            inputMode="numeric"
            unit={t('unit')}
            mono
          />
          <TextField
            name={`${prefix}persistenceMask`}
            label={t('mask')}
            optional={t('optional')}
            help={t('maskHelp')}
            placeholder="255.255.255.0"
            defaultValue={persistence?.mask}
            mono
          />
        </div>
      )}
      {protocol === 'udp' && (
        <CheckboxField
          name={`${prefix}onePacket`}
          label={t('onePacket')}
          help={t('onePacketHelp')}
          defaultChecked={config?.onePacket ?? false}
        />
      )}
    </>
  )
}
