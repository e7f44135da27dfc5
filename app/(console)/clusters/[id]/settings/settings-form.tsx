'use client'

import { useTranslations } from 'next-intl'
import { ActionForm } from '@/app/_components/action-form'
import { Card } from '@/app/_ui/card'
import { SubmitButton } from '@/app/_ui/submit-button'
import { TextField } from '@/app/_ui/text-field'
import type { DesiredCluster } from '@/lib/lvs/cluster'
import type { ClusterTarget } from '@/lib/lvs/cluster-form'
import { OptionsFields } from '../../_form/options-fields'
import { editClusterAction } from './actions'
import { settingsSchema } from './schema'

/** The name of a cluster, and how its hosts are prepared. */
export function SettingsForm({
  target,
  cluster,
}: {
  target: ClusterTarget
  cluster: DesiredCluster
}) {
  const t = useTranslations('clusters.form')
  return (
    <ActionForm
      action={editClusterAction}
      schema={settingsSchema}
      hidden={target}
      className="gap-6!"
    >
      <Card>
        <TextField
          name="name"
          label={t('name')}
          help={t('nameHelp')}
          defaultValue={cluster.name}
          className="max-w-96"
        />
      </Card>
      <Card title={t('options.title')} note={t('options.note')}>
        <div className="flex max-w-[48rem] flex-col gap-5">
          <OptionsFields options={cluster.options} />
        </div>
      </Card>
      <div>
        <SubmitButton>{t('save')}</SubmitButton>
      </div>
    </ActionForm>
  )
}
