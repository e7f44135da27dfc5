'use client'

import { useTranslations } from 'next-intl'
import { Disclosure } from '@/app/_ui/disclosure'
import { TextField } from '@/app/_ui/text-field'
import type { RealServerConfig } from '@/lib/lvs/service'

/** Weight, and the thresholds that few need. */
export function WeightFields({ prefix, config }: { prefix: string; config?: RealServerConfig }) {
  const t = useTranslations('clusters.form.realServer')
  const { upperThreshold = 0, lowerThreshold = 0 } = config ?? {}
  return (
    <>
      <TextField
        name={`${prefix}weight`}
        label={t('weight')}
        help={t('weightHelp')}
        defaultValue={config?.weight ?? 1}
        inputMode="numeric"
        autoComplete="off"
        className="max-w-80"
        mono
      />
      <Disclosure summary={t('limits')} open={upperThreshold > 0}>
        <div className="grid gap-4 pt-1 sm:grid-cols-2">
          <TextField
            name={`${prefix}upperThreshold`}
            label={t('upper')}
            help={t('upperHelp')}
            defaultValue={upperThreshold}
            inputMode="numeric"
            mono
          />
          <TextField
            name={`${prefix}lowerThreshold`}
            label={t('lower')}
            help={t('lowerHelp')}
            defaultValue={lowerThreshold}
            inputMode="numeric"
            mono
          />
        </div>
      </Disclosure>
    </>
  )
}

/** How packets reach a real server: sent along as it is, because an edit replaces everything. */
export function ForwardingFields({ prefix, config }: { prefix: string; config: RealServerConfig }) {
  const { forwarding } = config
  const tunnel = forwarding.method === 'tunnel' ? forwarding.tunnel : undefined
  const values = {
    method: forwarding.method,
    tunnelType: tunnel?.type,
    tunnelPort: tunnel?.type === 'gue' ? tunnel.port : undefined,
    tunnelChecksum: tunnel === undefined || tunnel.type === 'ipip' ? undefined : tunnel.checksum,
  }
  return Object.entries(values).map(([name, value]) =>
    value === undefined ? null : (
      <input key={name} type="hidden" name={`${prefix}${name}`} value={value} />
    ),
  )
}
