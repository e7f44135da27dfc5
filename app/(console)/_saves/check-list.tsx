import { useTranslations } from 'next-intl'
import { useSaidValues } from '@/app/_components/said-values'
import { cx } from '@/app/_ui/cx'
import { Disclosure } from '@/app/_ui/disclosure'
import { Icon } from '@/app/_ui/icon'
import { TONE_ICON, TONE_TEXT } from '@/app/_ui/tone'
import type { SurvivalCheck } from '@/lib/lvs/survives'
import { CHECK_TONE } from './survival-looks'

const PREFIX = 'survives.'

/** Says a check in words: what is the case, and where it is not well why that matters and what to do. */
function useCheckText() {
  const t = useTranslations('reasons.survives')
  const said = useSaidValues()
  // Codes come from values, so the compiler cannot know the keys.
  type Key = Parameters<typeof t>[0]
  return ({ why, state }: SurvivalCheck): { what: string; todo?: string } => {
    const code = why.code.slice(PREFIX.length)
    const values = said(why.values)
    const what = t(`${code}.what` as Key, values)
    return state === 'ok' ? { what } : { what, todo: t(`${code}.todo` as Key, values) }
  }
}

/** What is wrong in one way is said once: the first of it whole, the others below it. */
function groupsOf(checks: readonly SurvivalCheck[]): [SurvivalCheck, ...SurvivalCheck[]][] {
  const order: SurvivalCheck['state'][] = ['bad', 'doubtful', 'ok']
  const groups = new Map<string, [SurvivalCheck, ...SurvivalCheck[]]>()
  for (const check of order.flatMap((state) => checks.filter((it) => it.state === state))) {
    const group = groups.get(check.why.code)
    if (group === undefined) groups.set(check.why.code, [check])
    else group.push(check)
  }
  return [...groups.values()]
}

function Group({ group: [check, ...others] }: { group: [SurvivalCheck, ...SurvivalCheck[]] }) {
  const t = useTranslations('saves.check')
  const text = useCheckText()
  const { what, todo } = text(check)
  const tone = CHECK_TONE[check.state]
  return (
    <li className="flex items-start gap-2.5">
      <span className={cx('mt-0.5', TONE_TEXT[tone])}>
        <Icon name={TONE_ICON[tone]} />
      </span>
      <div className="min-w-0 max-w-[84ch] text-pretty break-words">
        <p>
          <span className="sr-only">{t(check.state)}: </span>
          <span className={check.state === 'ok' ? '' : 'font-strong'}>{what}</span>
          {todo !== undefined && <span className="block text-muted text-sm">{todo}</span>}
        </p>
        {others.length > 0 && (
          <Disclosure summary={t('more', { count: others.length })}>
            <ul className="grid gap-1 text-sm">
              {others.map((other) => (
                <li key={text(other).what}>{text(other).what}</li>
              ))}
            </ul>
          </Disclosure>
        )}
      </div>
    </li>
  )
}

/** The reasons of a verdict, what is not well first. */
export function CheckList({ checks }: { checks: readonly SurvivalCheck[] }) {
  return (
    <ul className="grid gap-2.5">
      {groupsOf(checks).map((group) => (
        <Group key={group[0].why.code} group={group} />
      ))}
    </ul>
  )
}
