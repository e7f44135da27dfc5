'use client'

import { useTranslations } from 'next-intl'
import { Banner } from '@/app/_ui/banner'
import { Button } from '@/app/_ui/button'
import { Code } from '@/app/_ui/code'

/** A page that could not be drawn: a mistake of ours. The number finds it in the server's log. */
export default function ErrorPage({
  error,
  unstable_retry,
}: {
  error: Error & { digest?: string }
  unstable_retry: () => void
}) {
  const t = useTranslations('common.crash')
  return (
    <Banner
      tone="bad"
      title={t('title')}
      urgent
      actions={
        <Button icon="refresh" onClick={unstable_retry}>
          {t('action')}
        </Button>
      }
    >
      {t('text')} <Code>{error.digest ?? error.message}</Code>
    </Banner>
  )
}
