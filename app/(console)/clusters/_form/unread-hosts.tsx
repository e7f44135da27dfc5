import { useTranslations } from 'next-intl'
import { Banner } from '@/app/_ui/banner'
import { LinkButton } from '@/app/_ui/link-button'
import { paths } from '@/app/paths'
import type { HostChoice } from './host-choice'

/** Hosts that cannot be chosen because nobody has read their addresses yet, with the way to do that. */
export function UnreadHosts({ hosts }: { hosts: readonly HostChoice[] }) {
  const t = useTranslations('clusters.form.unread')
  const unread = hosts.filter(({ isProbed }) => !isProbed)
  if (unread.length === 0) return null
  return (
    <Banner
      tone="info"
      title={t('title', { count: unread.length, name: unread[0]?.name ?? '' })}
      actions={unread.map(({ id, name }) => (
        <LinkButton key={id} href={paths.host(id)} size="sm">
          {t('test', { name })}
        </LinkButton>
      ))}
    >
      {t('text')}
    </Banner>
  )
}
