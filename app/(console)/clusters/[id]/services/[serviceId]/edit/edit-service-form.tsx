'use client'

import { useTranslations } from 'next-intl'
import { ActionForm } from '@/app/_components/action-form'
import { ConfirmAction } from '@/app/_components/confirm-action'
import { Card } from '@/app/_ui/card'
import { LinkButton } from '@/app/_ui/link-button'
import { SubmitButton } from '@/app/_ui/submit-button'
import { paths } from '@/app/paths'
import type { DesiredService } from '@/lib/lvs/cluster'
import { formatServiceKey } from '@/lib/lvs/service'
import { ServiceFields } from '../../../../_form/service-fields'
import { editServiceAction, removeServiceAction } from '../../actions'
import { editServiceSchema } from '../../schemas'

type Props = {
  target: { clusterId: string; version: number; serviceId: string }
  service: DesiredService
  schedulers: readonly string[] | undefined
}

/** Scheduler and persistence of a virtual service, and its removal. */
export function EditServiceForm({ target, service, schedulers }: Props) {
  const t = useTranslations('clusters.form')
  const name = formatServiceKey(service.key)
  return (
    <ActionForm
      action={editServiceAction}
      schema={editServiceSchema}
      hidden={target}
      className="max-w-[52rem] gap-6!"
    >
      <Card title={t('service.editTitle', { service: name })} note={t('service.keyFixed')}>
        <div className="flex flex-col gap-5">
          <ServiceFields prefix="service." schedulers={schedulers} service={service} vips={[]} />
        </div>
      </Card>
      <div className="flex flex-wrap gap-2">
        <SubmitButton>{t('save')}</SubmitButton>
        <LinkButton href={paths.cluster(target.clusterId, 'settings')} variant="quiet">
          {t('cancel')}
        </LinkButton>
        <span className="flex-1" />
        <ConfirmAction
          action={removeServiceAction}
          values={target}
          label={t('service.remove')}
          title={t('service.removeTitle', { service: name })}
          consequence={t('service.removeText')}
          confirmLabel={t('service.removeConfirm')}
        />
      </div>
    </ActionForm>
  )
}
