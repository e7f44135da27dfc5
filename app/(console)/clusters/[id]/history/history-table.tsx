import { useTranslations } from 'next-intl'
import { APPLY_LOOK, applyWord } from '@/app/_components/apply-state'
import { overridesOf } from '@/app/_components/overrides'
import { Age } from '@/app/_ui/age'
import { State } from '@/app/_ui/state'
import { Table } from '@/app/_ui/table'
import type { Column, Row } from '@/app/_ui/table-rows'
import { TextLink } from '@/app/_ui/text-link'
import { useSeconds } from '@/app/_ui/use-format'
import { paths } from '@/app/paths'
import type { Apply } from '@/lib/db/applies'
import type { Watch } from '@/lib/ops/watch-entries'

const mono = (text: string | number) => <span className="font-mono text-sm">{text}</span>

function useRow() {
  const t = useTranslations('apply')
  const inSeconds = useSeconds()
  return (apply: Apply): Row => {
    const { id, kind, revertOf, startedBy, startedAt, endedAt, desiredVersion, steps } = apply
    const accepted = overridesOf(apply.options).length
    const word = applyWord(apply.state, apply.watch as Watch | undefined)
    const { tone, icon } = APPLY_LOOK[word]
    const took = endedAt === undefined ? undefined : endedAt.getTime() - startedAt.getTime()
    return {
      id,
      cells: {
        what: {
          node: (
            <span className="inline-flex flex-wrap items-baseline gap-x-2">
              <TextLink href={paths.apply(id)} strong>
                {t(`kind.${kind}`)}
              </TextLink>
              {revertOf !== undefined && (
                <TextLink href={paths.apply(revertOf)}>{t('history.revertOf')}</TextLink>
              )}
              {accepted > 0 && (
                <State tone="warn" quiet>
                  {t('history.accepted', { count: accepted })}
                </State>
              )}
            </span>
          ),
          sort: t(`kind.${kind}`),
        },
        outcome: {
          node: (
            <State tone={tone} icon={icon} quiet>
              {t(`state.${word}`)}
            </State>
          ),
          sort: t(`state.${word}`),
        },
        steps: { node: mono(steps.length), sort: steps.length },
        who: { node: startedBy.name, sort: startedBy.name },
        when: { node: <Age at={startedAt.getTime()} />, sort: startedAt.getTime() },
        took: {
          node:
            took === undefined
              ? undefined
              : mono(t('history.seconds', { seconds: inSeconds(took) })),
          sort: took,
        },
        version: { node: mono(desiredVersion), sort: desiredVersion },
      },
    }
  }
}

/** Applies as rows, the newest first. */
export function HistoryTable({ applies }: { applies: readonly Apply[] }) {
  const t = useTranslations('apply.history')
  const toRow = useRow()
  const columns: Column[] = [
    { id: 'what', label: t('what'), sortable: true },
    { id: 'outcome', label: t('outcome'), sortable: true },
    { id: 'who', label: t('who'), sortable: true },
    { id: 'when', label: t('when'), sortable: true },
    { id: 'steps', label: t('steps'), sortable: true, align: 'end' },
    { id: 'took', label: t('took'), sortable: true, align: 'end' },
    { id: 'version', label: t('version'), sortable: true, align: 'end' },
  ]
  return (
    <Table
      caption={t('caption')}
      columns={columns}
      rows={applies.map(toRow)}
      {...(applies.length > 8 && { filterLabel: t('filter') })}
    />
  )
}
