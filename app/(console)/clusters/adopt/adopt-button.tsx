'use client'

import { useTranslations } from 'next-intl'
import { ActionForm } from '@/app/_components/action-form'
import { LinkButton } from '@/app/_ui/link-button'
import { SubmitButton } from '@/app/_ui/submit-button'
import { paths } from '@/app/paths'
import { adoptClusterAction } from './actions'

type Props = {
  directorId: string
  name: string
  services: readonly string[]
  dip: string
  fingerprint: string
}

/** Adopts exactly what is shown above it. */
export function AdoptButton({ services, ...hidden }: Props) {
  const t = useTranslations('adopt')
  return (
    <ActionForm action={adoptClusterAction} hidden={hidden}>
      {services.map((service) => (
        <input key={service} type="hidden" name="services" value={service} />
      ))}
      <div className="flex flex-wrap items-center gap-3">
        <SubmitButton disabledReason={hidden.name === '' ? t('nameFirst') : undefined}>
          {t('adopt')}
        </SubmitButton>
        <LinkButton href={paths.clusters} variant="quiet">
          {t('cancel')}
        </LinkButton>
        <span className="text-muted text-sm">{t('nothingSent')}</span>
      </div>
    </ActionForm>
  )
}
