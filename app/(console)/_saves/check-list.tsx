import { useTranslations } from 'next-intl'
import { cx } from '@/app/_ui/cx'
import { Icon } from '@/app/_ui/icon'
import { TONE_ICON, TONE_TEXT } from '@/app/_ui/tone'
import type { SurvivalCheck } from '@/lib/lvs/survives'
import { CHECK_TONE } from './survival-looks'

const PREFIX = 'survives.'

/** Says a check in words: what is the case, and where it is not well why that matters and what to do. */
function useCheckText() {
  const t = useTranslations('reasons.survives')
  // Codes come from values, so the compiler cannot know the keys.
  type Key = Parameters<typeof t>[0]
  return ({ why, state }: SurvivalCheck): { what: string; todo?: string } => {
    const code = why.code.slice(PREFIX.length)
    const what = t(`${code}.what` as Key, why.values)
    return state === 'ok' ? { what } : { what, todo: t(`${code}.todo` as Key, why.values) }
  }
}

/** The reasons of a verdict, what is not well first. */
export function CheckList({ checks }: { checks: readonly SurvivalCheck[] }) {
  const t = useTranslations('saves.check')
  const text = useCheckText()
  const order: SurvivalCheck['state'][] = ['bad', 'doubtful', 'ok']
  const sorted = order.flatMap((state) => checks.filter((check) => check.state === state))
  return (
    <ul className="grid gap-2.5">
      {sorted.map((check) => {
        const { what, todo } = text(check)
        const tone = CHECK_TONE[check.state]
        return (
          <li key={what} className="flex items-start gap-2.5">
            <span className={cx('mt-0.5', TONE_TEXT[tone])}>
              <Icon name={TONE_ICON[tone]} />
            </span>
            <p className="min-w-0 max-w-[84ch] text-pretty break-words">
              <span className="sr-only">{t(check.state)}: </span>
              <span className={check.state === 'ok' ? '' : 'font-strong'}>{what}</span>
              {todo !== undefined && <span className="block text-muted text-sm">{todo}</span>}
            </p>
          </li>
        )
      })}
    </ul>
  )
}
