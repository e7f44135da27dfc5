'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { ActionForm } from '@/app/_components/action-form'
import { Card } from '@/app/_ui/card'
import { LinkButton } from '@/app/_ui/link-button'
import { SubmitButton } from '@/app/_ui/submit-button'
import { paths } from '@/app/paths'
import type { ClusterTarget } from '@/lib/lvs/cluster-form'
import type { HostChoice } from '../../../_form/host-choice'
import { type RealServerDraft, RealServerRows } from '../../../_form/real-server-rows'
import { ServiceFields } from '../../../_form/service-fields'
import { UnreadHosts } from '../../../_form/unread-hosts'
import { addServiceAction } from '../actions'
import { newServiceSchema } from '../schemas'

/** The form of one more virtual service; its VIP starts with the one that the cluster has. */
export function NewServiceForm({
  target,
  directorId,
  vips,
  hosts,
}: {
  target: ClusterTarget
  directorId: string | undefined
  vips: readonly string[]
  hosts: readonly HostChoice[]
}) {
  const t = useTranslations('clusters.form')
  const [drafts, setDrafts] = useState<readonly RealServerDraft[]>([])
  const director = hosts.find(({ id }) => id === directorId)
  return (
    <ActionForm
      action={addServiceAction}
      schema={newServiceSchema}
      hidden={target}
      className="max-w-[52rem] gap-6!"
    >
      <UnreadHosts hosts={hosts} />
      <Card title={t('service.newTitle')} note={t('service.note')}>
        <div className="flex flex-col gap-5">
          <ServiceFields prefix="service." schedulers={director?.schedulers} vips={vips} />
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
      <div className="flex flex-wrap gap-2">
        <SubmitButton>{t('save')}</SubmitButton>
        <LinkButton href={paths.cluster(target.clusterId)} variant="quiet">
          {t('cancel')}
        </LinkButton>
      </div>
    </ActionForm>
  )
}
