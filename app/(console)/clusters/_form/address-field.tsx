'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useReasonText } from '@/app/_components/reason-words'
import { SelectField } from '@/app/_ui/select-field'
import { firstAddress, type HostChoice } from './host-choice'

/** One of the addresses that were read on a host; those that cannot link two hosts say why. */
export function AddressField({
  name,
  label,
  help,
  host,
  defaultValue,
}: {
  name: string
  label: string
  help?: ReactNode
  host: HostChoice | undefined
  defaultValue?: string | undefined
}) {
  const t = useTranslations('clusters.form')
  const reason = useReasonText()
  const options = (host?.addresses ?? []).map(({ address, device, prefixLength, refused }) => ({
    value: address,
    label: address,
    help: t('addressOn', { device, prefix: prefixLength }),
    disabledReason: refused === undefined ? undefined : reason(refused).what,
  }))
  return (
    <SelectField
      // Another host has other addresses: the choice starts anew.
      key={host?.id ?? ''}
      name={name}
      label={label}
      help={help}
      options={options}
      defaultValue={defaultValue ?? firstAddress(host)}
      placeholder={t(host === undefined ? 'chooseHostFirst' : 'chooseAddress')}
      mono={host !== undefined}
    />
  )
}
