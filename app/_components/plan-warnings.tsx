import { useTranslations } from 'next-intl'
import { Banner } from '@/app/_ui/banner'
import { LinkButton } from '@/app/_ui/link-button'
import { paths } from '@/app/paths'
import type { Note, Refusal } from '@/lib/lvs/plan'
import { useReasonText } from './reason-words'

/** Why the plan will not run, whoever wants it: what is the case, why that matters, what to do. */
export function Refusals({
  refusals,
  hostNames,
}: {
  refusals: readonly Refusal[]
  hostNames: Readonly<Record<string, string>>
}) {
  const t = useTranslations('plan.refused')
  const text = useReasonText()
  return refusals.map(({ hostId, why, override }) => {
    if (override !== undefined) return null
    const { what, todo } = text(why)
    return (
      <Banner
        key={`${hostId ?? ''} ${what}`}
        tone="bad"
        icon="refused"
        title={what}
        actions={
          hostId !== undefined && (
            <LinkButton href={paths.host(hostId)} size="sm">
              {t('openHost', { host: hostNames[hostId] ?? hostId })}
            </LinkButton>
          )
        }
      >
        {todo}
      </Banner>
    )
  })
}

/** Hosts that could not be read, and what therefore is not in the plan. */
export function Waiting({ waiting }: { waiting: readonly Note[] }) {
  const t = useTranslations('plan.waiting')
  const text = useReasonText()
  return waiting.map(({ hostId, hostName, why }) => {
    const { what, todo } = text(why)
    return (
      <Banner
        key={hostId}
        tone="unknown"
        icon="unplugged"
        title={what}
        actions={
          <LinkButton href={paths.host(hostId)} size="sm">
            {t('openHost', { host: hostName })}
          </LinkButton>
        }
      >
        {todo !== undefined && <p>{todo}</p>}
        <p className="text-muted">{t('note')}</p>
      </Banner>
    )
  })
}
