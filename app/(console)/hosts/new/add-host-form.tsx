'use client'

import { useTranslations } from 'next-intl'
import { ActionForm } from '@/app/_components/action-form'
import { LinkButton } from '@/app/_ui/link-button'
import { SubmitButton } from '@/app/_ui/submit-button'
import { paths } from '@/app/paths'
import { hostFormSchema } from '@/lib/lvs/host-form'
import { addHostAction } from '../actions'
import { HostFields } from '../host-fields'

export function AddHostForm({ hasAgent }: { hasAgent: boolean }) {
  const t = useTranslations('hosts.form')
  const common = useTranslations('common')
  return (
    <ActionForm action={addHostAction} schema={hostFormSchema}>
      <HostFields hasAgent={hasAgent} />
      <footer className="flex flex-wrap gap-2 border-t pt-4">
        <SubmitButton>{t('submitAdd')}</SubmitButton>
        <LinkButton href={paths.hosts} variant="quiet">
          {common('cancel')}
        </LinkButton>
      </footer>
    </ActionForm>
  )
}
