import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { UndoState } from '@/app/_components/read-undo'
import { Countdown } from '@/app/_ui/countdown'
import { State } from '@/app/_ui/state'
import { paths } from '@/app/paths'

/** An apply that waits for a person, with the time that is left, or that its hosts took back; a link to it. */
export function UndoWords({ undo }: { undo: UndoState | undefined }) {
  const t = useTranslations('undo')
  if (undo === undefined) return null
  return (
    <Link href={paths.apply(undo.applyId)} className="rounded-chip hover:underline">
      {undo.state === 'armed' ? (
        <State tone="warn" icon="wait">
          {t.rich('waits', {
            time: () => <Countdown to={undo.until} className="font-mono tabular-nums" />,
          })}
        </State>
      ) : (
        <State tone="warn" icon="undo">
          {t('undone')}
        </State>
      )}
    </Link>
  )
}
