import { useTranslations } from 'next-intl'
import { useReasonText } from '@/app/_components/reason-words'
import { Age } from '@/app/_ui/age'
import { Card } from '@/app/_ui/card'
import { CopyButton } from '@/app/_ui/copy-button'
import { cx } from '@/app/_ui/cx'
import { State } from '@/app/_ui/state'
import type { LedgerRow } from '@/lib/lvs/ledger'
import type { HostState } from '@/lib/lvs/running'
import { type TableLine, tableLines } from './table-lines'

function Lines({ lines }: { lines: readonly TableLine[] }) {
  const t = useTranslations('clusters.rules')
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <ol tabIndex={0} className="overflow-x-auto py-1.5">
      {lines.map(({ text, isOurs }) => (
        <li key={text} className="flex min-w-max items-center gap-3 px-4 py-0.5 font-mono text-sm">
          <span
            title={t(isOurs ? 'oursHelp' : 'foreignHelp')}
            className={cx(
              'w-14 shrink-0 rounded-chip border px-1.5 text-center font-sans text-xs leading-5',
              isOurs ? 'border-accent/40 bg-accent-soft text-accent' : 'bg-sunken text-muted',
            )}
          >
            {t(isOurs ? 'ours' : 'foreign')}
          </span>
          <span className={cx(text.startsWith('-a') && 'pl-5')}>{text}</span>
        </li>
      ))}
    </ol>
  )
}

/** A director's table as it is now, line by line. */
export function HostTable({
  state,
  ledger,
  readAt,
}: {
  state: HostState
  ledger: readonly LedgerRow[]
  readAt: number
}) {
  const t = useTranslations('clusters.rules')
  const reason = useReasonText()
  const { host, running } = state
  const table = running?.ipvs
  const lines = table?.state === 'present' ? tableLines(table, ledger) : []
  const says = (text: string) => <p className="px-4 py-3 text-muted text-sm">{text}</p>
  return (
    <Card
      title={t('table', { host: host.name })}
      note={t.rich('tableNote', { age: () => <Age at={readAt} /> })}
      actions={
        lines.length > 0 && (
          <CopyButton text={lines.map(({ text }) => text).join('\n')} label={t('copy')} />
        )
      }
      padded={false}
    >
      {running === undefined && (
        <p className="px-4 py-3 text-sm">
          <State tone="unknown" icon="unplugged" quiet>
            {t('unread', { host: host.name })}
          </State>{' '}
          {reason(state.unreachable).todo}
        </p>
      )}
      {table?.state === 'absent' && says(t('absent'))}
      {table?.state === 'denied' && says(`${t('denied')} ${reason(table.why).what}`)}
      {table?.state === 'present' && lines.length === 0 && says(t('empty'))}
      {lines.length > 0 && <Lines lines={lines} />}
    </Card>
  )
}
