'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { ActionForm } from '@/app/_components/action-form'
import { Card } from '@/app/_ui/card'
import { LinkButton } from '@/app/_ui/link-button'
import { SubmitButton } from '@/app/_ui/submit-button'
import { TextField } from '@/app/_ui/text-field'
import { paths } from '@/app/paths'
import { clusterFormSchema } from '@/lib/lvs/cluster-form'
import { DirectorFields } from '../_form/director-fields'
import type { HostChoice } from '../_form/host-choice'
import { FoldedOptions } from '../_form/options-fields'
import { type RealServerDraft, RealServerRows } from '../_form/real-server-rows'
import { ServiceFields } from '../_form/service-fields'
import { UnreadHosts } from '../_form/unread-hosts'
import { createClusterAction } from './actions'

/** Name, director, virtual service, real servers; how hosts are prepared is folded, because the defaults are right. */
export function ClusterForm({ hosts }: { hosts: readonly HostChoice[] }) {
  const t = useTranslations('clusters.form')
  const [directorId, setDirectorId] = useState<string>()
  const [drafts, setDrafts] = useState<readonly RealServerDraft[]>([])
  const director = hosts.find(({ id }) => id === directorId)
  const chooseDirector = (hostId: string) => {
    setDirectorId(hostId)
    // A director cannot be its own real server: arp_ignore=1 there is a total outage.
    setDrafts(drafts.filter((draft) => draft.hostId !== hostId))
  }
  return (
    <ActionForm
      action={createClusterAction}
      schema={clusterFormSchema}
      className="max-w-[52rem] gap-6!"
    >
      <UnreadHosts hosts={hosts} />
      <Card>
        <TextField
          name="name"
          label={t('name')}
          help={t('nameHelp')}
          placeholder="www"
          autoFocus
          className="max-w-96"
        />
      </Card>
      <Card title={t('director.title')} note={t('director.note')}>
        <DirectorFields hosts={hosts} hostId={directorId} onChange={chooseDirector} />
      </Card>
      <Card title={t('service.title')} note={t('service.note')}>
        <div className="flex flex-col gap-5">
          <ServiceFields prefix="service." schedulers={director?.schedulers} vips={[]} />
        </div>
      </Card>
      <Card title={t('realServers.title')} note={t('realServers.note')} padded={false}>
        <RealServerRows
          drafts={drafts}
          hosts={hosts}
          directorId={directorId}
          onChange={setDrafts}
        />
      </Card>
      <Card title={t('options.title')} note={t('options.note')}>
        <FoldedOptions />
      </Card>
      <div className="flex flex-wrap gap-2">
        <SubmitButton>{t('create')}</SubmitButton>
        <LinkButton href={paths.clusters} variant="quiet">
          {t('cancel')}
        </LinkButton>
      </div>
    </ActionForm>
  )
}
