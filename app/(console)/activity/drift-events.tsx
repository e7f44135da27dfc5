import { useTranslations } from 'next-intl'
import { useItemWords } from '@/app/_components/said-values'
import { Age } from '@/app/_ui/age'
import { Card } from '@/app/_ui/card'
import { State } from '@/app/_ui/state'
import { TextLink } from '@/app/_ui/text-link'
import type { Tone } from '@/app/_ui/tone'
import { useList } from '@/app/_ui/use-format'
import { paths } from '@/app/paths'
import type { AuditEvent } from '@/lib/db/audit'

const TONE = {
  'drift-seen': 'warn',
  'drift-changed': 'warn',
  'drift-gone': 'ok',
  'take-theirs': 'info',
  'ignore-drift': 'info',
  'stop-ignoring': 'info',
  'adopt-cluster': 'info',
  'release-cluster': 'info',
} as const satisfies Record<string, Tone>
export type DriftAction = keyof typeof TONE

/** The names of events about drift and adoption, as the audit trail has them. */
export const DRIFT_ACTIONS = Object.keys(TONE) as DriftAction[]

/** What drifted, and what people did about it: from the audit trail, in words. */
export function DriftEvents({ events }: { events: readonly AuditEvent[] }) {
  const t = useTranslations('drift.events')
  const words = useItemWords()
  const list = useList()
  return (
    <Card title={t('title')} note={t('note')} padded={false} className="mb-6">
      <ul className="divide-y">
        {events.map(({ id, at, action, subject, userName, detail }) => (
          <li key={id} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-4 py-2.5">
            <State tone={TONE[action as DriftAction]} quiet>
              {t(`action.${action as DriftAction}`)}
            </State>
            <TextLink href={paths.cluster(subject.slice('cluster:'.length), 'drift')}>
              {String(detail.cluster ?? '')}
            </TextLink>
            <span className="min-w-0 flex-1 basis-64 text-pretty break-words text-sm">
              {detail.host !== undefined && `${String(detail.host)}: `}
              {list(
                String(detail.what ?? '')
                  .split(', ')
                  .map(words),
              )}
              {Number(detail.count ?? 0) > 5 && ` · ${t('items', { count: Number(detail.count) })}`}
            </span>
            <span className="text-muted text-sm">
              {userName} · <Age at={at.getTime()} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
