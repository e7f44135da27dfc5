'use client'

import { useTranslations } from 'next-intl'
import { SelectField } from '@/app/_ui/select-field'
import { useList } from '@/app/_ui/use-format'
import { AddressField } from './address-field'
import type { HostChoice } from './host-choice'

/** The host that takes the clients' packets, and the address that it tunnels from. */
export function DirectorFields({
  hosts,
  hostId,
  onChange,
}: {
  hosts: readonly HostChoice[]
  hostId: string | undefined
  onChange: (hostId: string) => void
}) {
  const t = useTranslations('clusters.form.director')
  const list = useList()
  const options = hosts.map(({ id, name, isProbed, owners }) => ({
    value: id,
    label: name,
    help: owners.length > 0 ? t('owned', { owners: list(owners) }) : undefined,
    disabledReason: isProbed ? undefined : t('unread'),
  }))
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <SelectField
        name="director.hostId"
        label={t('host')}
        help={t('hostHelp')}
        options={options}
        placeholder={t('choose')}
        onChange={onChange}
      />
      <AddressField
        name="director.dip"
        label={t('dip')}
        help={t('dipHelp')}
        host={hosts.find(({ id }) => id === hostId)}
      />
    </div>
  )
}
