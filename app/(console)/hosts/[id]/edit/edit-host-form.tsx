'use client'

import { useTranslations } from 'next-intl'
import { ActionForm } from '@/app/_components/action-form'
import { LinkButton } from '@/app/_ui/link-button'
import { SubmitButton } from '@/app/_ui/submit-button'
import { paths } from '@/app/paths'
import { hostFormSchema } from '@/lib/lvs/host-form'
import { editHostAction } from '../../actions'
import { type HostDraft, HostFields } from '../../host-fields'

type Props = {
  draft: HostDraft
  target: { hostId: string; version: number }
  hasAgent: boolean
}

export function EditHostForm({ draft, target, hasAgent }: Props) {
  const t = useTranslations('hosts.form')
  const common = useTranslations('common')
  return (
    <ActionForm action={editHostAction} schema={hostFormSchema} hidden={target}>
      <HostFields draft={draft} hasAgent={hasAgent} />
      <footer className="flex flex-wrap gap-2 border-t pt-4">
        <SubmitButton>{t('submitEdit')}</SubmitButton>
        <LinkButton href={paths.host(target.hostId)} variant="quiet">
          {common('cancel')}
        </LinkButton>
      </footer>
    </ActionForm>
  )
}
