'use client'

import { useTranslations } from 'next-intl'
import { useContext } from 'react'
import { Disclosure } from '@/app/_ui/disclosure'
import { FormContext } from '@/app/_ui/form-context'
import { RadioField } from '@/app/_ui/radio-field'
import { TextField } from '@/app/_ui/text-field'
import {
  ARP_SCOPES,
  type ClusterOptions,
  DEFAULT_OPTIONS,
  DIRECTOR_TUNNELS,
  RP_FILTER_WAYS,
} from '@/lib/lvs/cluster'

/** How real servers and directors of a cluster are prepared, with what each way costs. */
export function OptionsFields({ options = DEFAULT_OPTIONS }: { options?: ClusterOptions }) {
  const t = useTranslations('clusters.form.options')
  return (
    <>
      <RadioField
        name="options.arpScope"
        label={t('arpScope')}
        help={t('arpScopeHelp')}
        defaultValue={options.arpScope}
        options={ARP_SCOPES.map((value) => ({
          value,
          label: t(`arp.${value}.label`),
          help: t(`arp.${value}.help`),
        }))}
      />
      <RadioField
        name="options.rpFilter"
        label={t('rpFilter')}
        help={t('rpFilterHelp')}
        defaultValue={options.rpFilter}
        options={RP_FILTER_WAYS.map((value) => ({
          value,
          label: t(`rp.${value}.label`),
          help: t(`rp.${value}.help`),
        }))}
      />
      <RadioField
        name="options.directorTunnel"
        label={t('directorTunnel')}
        help={t('directorTunnelHelp')}
        defaultValue={options.directorTunnel}
        options={DIRECTOR_TUNNELS.map((value) => ({
          value,
          label: t(`tunnel.${value}.label`),
          help: t(`tunnel.${value}.help`),
        }))}
      />
      <TextField
        name="options.directorDevice"
        label={t('directorDevice')}
        help={t('directorDeviceHelp')}
        defaultValue={options.directorDevice}
        className="max-w-60"
        autoComplete="off"
        mono
      />
    </>
  )
}

/** The same, folded, because the defaults are right; open as soon as one of them is wrong. */
export function FoldedOptions() {
  const t = useTranslations('clusters.form.options')
  const { errors } = useContext(FormContext)
  const isWrong = Object.keys(errors).some((name) => name.startsWith('options.'))
  return (
    <Disclosure summary={t('summary')} open={isWrong}>
      <div className="flex flex-col gap-5 pt-2">
        <OptionsFields />
      </div>
    </Disclosure>
  )
}
