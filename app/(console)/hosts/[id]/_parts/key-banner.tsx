import { useTranslations } from 'next-intl'
import { Banner } from '@/app/_ui/banner'
import { LinkButton } from '@/app/_ui/link-button'
import { paths } from '@/app/paths'

/** The one thing to do with a host whose key nobody has approved. */
export function KeyBanner({ hostId }: { hostId: string }) {
  const t = useTranslations('hosts.page')
  return (
    <Banner
      tone="warn"
      icon="key-warn"
      title={t('keyFirst')}
      actions={
        <LinkButton href={paths.hostKey(hostId)} variant="primary" icon="key">
          {t('approveKey')}
        </LinkButton>
      }
    >
      {t('keyFirstText')}
    </Banner>
  )
}
