'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { ActionForm } from '@/app/_components/action-form'
import { Card } from '@/app/_ui/card'
import { CheckboxListField } from '@/app/_ui/checkbox-list-field'
import { LinkButton } from '@/app/_ui/link-button'
import { RadioField } from '@/app/_ui/radio-field'
import { SelectField } from '@/app/_ui/select-field'
import { SubmitButton } from '@/app/_ui/submit-button'
import { TextField } from '@/app/_ui/text-field'
import { paths } from '@/app/paths'
import type { DesiredService } from '@/lib/lvs/cluster'
import type { ClusterTarget } from '@/lib/lvs/cluster-form'
import { formatServiceKey } from '@/lib/lvs/service'
import { AddressField } from '../../../_form/address-field'
import type { HostChoice } from '../../../_form/host-choice'
import { UnreadHosts } from '../../../_form/unread-hosts'
import { addRealServerAction } from '../actions'
import { WeightFields } from '../limit-fields'
import { newRealServerSchema } from '../schemas'

type Props = {
  target: ClusterTarget
  services: readonly DesiredService[]
  directorIds: readonly string[]
  /** The service that the person came from. */
  serviceId: string | undefined
  hosts: readonly HostChoice[]
}

function HostFields({
  hosts,
  directorIds,
  services,
}: Pick<Props, 'hosts' | 'directorIds' | 'services'>) {
  const t = useTranslations('clusters.form')
  const [hostId, setHostId] = useState<string>()
  const whyNot = ({ id, isProbed }: HostChoice): string | undefined => {
    if (directorIds.includes(id)) return t('realServer.isDirector')
    const isThere = services.every(({ realServers }) => realServers.some((it) => it.hostId === id))
    if (isThere) return t('realServer.isThere')
    return isProbed ? undefined : t('realServers.unread')
  }
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <SelectField
        name="hostId"
        label={t('realServer.host')}
        placeholder={t('realServer.chooseHost')}
        onChange={setHostId}
        options={hosts.map((host) => ({
          value: host.id,
          label: host.name,
          disabledReason: whyNot(host),
        }))}
      />
      <AddressField
        name="rip"
        label={t('realServer.rip')}
        help={t('realServer.ripHelp')}
        host={hosts.find(({ id }) => id === hostId)}
      />
    </div>
  )
}

function AddressAlone() {
  const t = useTranslations('clusters.form.realServer')
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        name="rip"
        label={t('rip')}
        help={t('ripHelp')}
        placeholder="172.25.254.9"
        autoComplete="off"
        mono
      />
      <TextField
        name="name"
        label={useTranslations('clusters.form')('name')}
        help={t('nameHelp')}
        optional={useTranslations('common')('optional')}
        autoComplete="off"
      />
    </div>
  )
}

/** A host that Tunboard prepares, or an address alone, behind the services that are ticked. */
export function NewRealServerForm({ target, services, directorIds, serviceId, hosts }: Props) {
  const t = useTranslations('clusters.form')
  const [way, setWay] = useState('managed')
  const ids = services.map(({ id }) => id)
  return (
    <ActionForm
      action={addRealServerAction}
      schema={newRealServerSchema}
      hidden={target}
      className="max-w-[52rem] gap-6!"
    >
      {way === 'managed' && <UnreadHosts hosts={hosts} />}
      <Card title={t('realServer.newTitle')} note={t('realServer.newNote')}>
        <div className="flex flex-col gap-5">
          <RadioField
            name="way"
            label={t('realServer.who')}
            defaultValue={way}
            onChange={setWay}
            options={[
              {
                value: 'managed',
                label: t('realServer.managed'),
                help: t('realServer.managedHelp'),
              },
              {
                value: 'address',
                label: t('realServer.byAddress'),
                help: t('realServer.byAddressHelp'),
              },
            ]}
          />
          {way === 'managed' ? (
            <HostFields hosts={hosts} directorIds={directorIds} services={services} />
          ) : (
            <AddressAlone />
          )}
          {services.length === 1 ? (
            <input type="hidden" name="serviceIds" value={ids[0]} />
          ) : (
            <CheckboxListField
              name="serviceIds"
              label={t('realServer.services')}
              help={t('realServer.servicesHelp')}
              defaultValues={serviceId === undefined ? ids : [serviceId]}
              options={services.map(({ id, key, config }) => ({
                value: id,
                label: <span className="font-mono">{formatServiceKey(key)}</span>,
                help: config.scheduler,
              }))}
            />
          )}
          <WeightFields prefix="" />
        </div>
      </Card>
      <div className="flex flex-wrap gap-2">
        <SubmitButton>{t('realServer.submit')}</SubmitButton>
        <LinkButton href={paths.cluster(target.clusterId)} variant="quiet">
          {t('cancel')}
        </LinkButton>
      </div>
    </ActionForm>
  )
}
