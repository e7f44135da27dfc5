'use client'

import { useTranslations } from 'next-intl'
import { Button } from '@/app/_ui/button'
import { buttonClass } from '@/app/_ui/button-class'
import { Icon } from '@/app/_ui/icon'
import { Menu } from '@/app/_ui/menu'
import { TextField } from '@/app/_ui/text-field'
import { AddressField } from './address-field'
import type { HostChoice } from './host-choice'

/** One row: a host, or (without one) an address alone. `key` stays while rows before it go. */
export type RealServerDraft = { key: number; hostId?: string | undefined }

type RowProps = {
  index: number
  draft: RealServerDraft
  hosts: readonly HostChoice[]
  onRemove: () => void
}

function Row({ index, draft, hosts, onRemove }: RowProps) {
  const t = useTranslations('clusters.form.realServers')
  const host = hosts.find(({ id }) => id === draft.hostId)
  const prefix = `realServers.${index}.`
  const name = host?.name ?? t('unmanaged')
  return (
    <fieldset className="grid grid-cols-[minmax(0,1fr)_5.5rem_auto] items-start gap-x-3 gap-y-2 border-t px-4 py-3 first:border-t-0 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)_5.5rem_auto]">
      <legend className="sr-only">{t('rowLabel', { name })}</legend>
      {host === undefined ? (
        <TextField
          name={`${prefix}name`}
          label={t('name')}
          optional={t('optional')}
          placeholder={t('unmanaged')}
          autoComplete="off"
          className="max-sm:col-span-3"
        />
      ) : (
        <div className="max-sm:col-span-3">
          <input type="hidden" name={`${prefix}hostId`} value={host.id} />
          <p className="mb-1 font-strong text-sm">{t('host')}</p>
          <p className="flex min-h-8 items-center gap-2 truncate">
            <Icon name="host" className="text-muted" />
            <span className="truncate">{host.name}</span>
          </p>
        </div>
      )}
      {host === undefined ? (
        <TextField
          name={`${prefix}rip`}
          label={t('rip')}
          placeholder="172.25.254.9"
          autoComplete="off"
          mono
        />
      ) : (
        <AddressField name={`${prefix}rip`} label={t('rip')} host={host} />
      )}
      <TextField
        name={`${prefix}weight`}
        label={t('weight')}
        defaultValue="1"
        inputMode="numeric"
        autoComplete="off"
        mono
      />
      <Button
        variant="quiet"
        size="icon"
        icon="close"
        aria-label={t('remove', { name })}
        onClick={onRemove}
        className="mt-6"
      />
    </fieldset>
  )
}

type Props = {
  drafts: readonly RealServerDraft[]
  hosts: readonly HostChoice[]
  directorId: string | undefined
  onChange: (drafts: readonly RealServerDraft[]) => void
}

/** The hosts that answer the clients: a list that grows by a click for each. */
export function RealServerRows({ drafts, hosts, directorId, onChange }: Props) {
  const t = useTranslations('clusters.form.realServers')
  const nextKey = Math.max(0, ...drafts.map(({ key }) => key)) + 1
  const add = (hostId?: string) => onChange([...drafts, { key: nextKey, hostId }])
  const whyNot = ({ id, isProbed }: HostChoice): string | undefined => {
    if (id === directorId) return t('isDirector')
    if (drafts.some(({ hostId }) => hostId === id)) return t('isListed')
    return isProbed ? undefined : t('unread')
  }
  return (
    <>
      {drafts.length === 0 && <p className="px-4 py-3 text-muted text-sm">{t('empty')}</p>}
      {drafts.map((draft, index) => (
        <Row
          key={draft.key}
          index={index}
          draft={draft}
          hosts={hosts}
          onRemove={() => onChange(drafts.filter(({ key }) => key !== draft.key))}
        />
      ))}
      <div className="flex flex-wrap items-center gap-2 border-t px-4 py-3">
        <Menu
          align="start"
          trigger={
            <button type="button" className={buttonClass('secondary', 'sm')}>
              <Icon name="add" />
              {t('addHost')}
            </button>
          }
          entries={hosts.map((host) => ({
            label: host.name,
            icon: 'host',
            onSelect: () => add(host.id),
            disabledReason: whyNot(host),
          }))}
        />
        <Button size="sm" variant="quiet" icon="add" onClick={() => add()}>
          {t('addAddress')}
        </Button>
        <p className="text-muted text-sm">{t('addAddressHelp')}</p>
      </div>
    </>
  )
}
