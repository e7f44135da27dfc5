'use client'

import { useTranslations } from 'next-intl'
import { ActionForm } from '@/app/_components/action-form'
import { ConfirmAction } from '@/app/_components/confirm-action'
import { Card } from '@/app/_ui/card'
import { LinkButton } from '@/app/_ui/link-button'
import { SubmitButton } from '@/app/_ui/submit-button'
import { TextField } from '@/app/_ui/text-field'
import { paths } from '@/app/paths'
import type { DesiredRealServer } from '@/lib/lvs/cluster'
import { formatRealServerKey, formatServiceKey, type ServiceKey } from '@/lib/lvs/service'
import { editRealServerAction, removeRealServersAction } from '../../actions'
import { ForwardingFields, WeightFields } from '../../limit-fields'
import { editRealServerSchema } from '../../schemas'

type Props = {
  target: { clusterId: string; version: number; realServerIds: string }
  realServer: DesiredRealServer
  service: ServiceKey
}

/** Name, weight and limits of a real server, and its removal without a drain. */
export function EditRealServerForm({ target, realServer, service }: Props) {
  const t = useTranslations('clusters.form')
  const { name, key, config } = realServer
  const place = { endpoint: formatRealServerKey(key), service: formatServiceKey(service) }
  return (
    <ActionForm
      action={editRealServerAction}
      schema={editRealServerSchema}
      hidden={target}
      className="max-w-[52rem] gap-6!"
    >
      <Card
        title={t('realServer.editTitle', { name })}
        note={<span className="font-mono">{t('realServer.inService', place)}</span>}
      >
        <div className="flex flex-col gap-5">
          <TextField
            name="name"
            label={t('name')}
            help={t('realServer.nameHelp')}
            defaultValue={name}
            className="max-w-80"
          />
          <WeightFields prefix="config." config={config} />
          <ForwardingFields prefix="config." config={config} />
        </div>
      </Card>
      <div className="flex flex-wrap gap-2">
        <SubmitButton>{t('save')}</SubmitButton>
        <LinkButton href={paths.cluster(target.clusterId)} variant="quiet">
          {t('cancel')}
        </LinkButton>
        <span className="flex-1" />
        <ConfirmAction
          action={removeRealServersAction}
          values={target}
          label={t('realServer.remove')}
          title={t('realServer.removeTitle', { name })}
          consequence={t('realServer.removeText')}
          confirmLabel={t('realServer.removeConfirm')}
        />
      </div>
    </ActionForm>
  )
}
