import { useTranslations } from 'next-intl'
import { ApplyStateBadge } from '@/app/_components/apply-state-badge'
import { Age } from '@/app/_ui/age'
import { Table } from '@/app/_ui/table'
import type { Cell, Column } from '@/app/_ui/table-rows'
import { TextLink } from '@/app/_ui/text-link'
import { useSeconds } from '@/app/_ui/use-format'
import { paths } from '@/app/paths'
import type { ApplySummary } from '@/lib/db/applies'

/** More rows than this are searched rather than read. */
const FILTER_FROM = 8

function useCells(): (apply: ApplySummary) => Record<string, Cell> {
  const t = useTranslations('activity')
  const inSeconds = useSeconds()
  const took = (ms: number) => {
    // A plan of a few steps takes less than a second: "0 s" would look like nothing happened.
    if (ms < 10_000) return t('seconds', { count: inSeconds(ms) })
    const seconds = Math.round(ms / 1000)
    if (seconds < 60) return t('seconds', { count: seconds })
    return t('minutes', { minutes: Math.floor(seconds / 60), seconds: seconds % 60 })
  }
  return ({ id, subject, kind, state, startedBy, startedAt, endedAt }) => {
    const ms = endedAt === undefined ? undefined : endedAt.getTime() - startedAt.getTime()
    return {
      kind: {
        sort: t(`kind.${kind}`),
        node: (
          <TextLink href={paths.apply(id)} strong>
            {t(`kind.${kind}`)}
          </TextLink>
        ),
      },
      cluster: {
        sort: subject.name,
        node: <TextLink href={paths.subject(subject)}>{subject.name}</TextLink>,
      },
      state: { sort: t(`state.${state}`), node: <ApplyStateBadge state={state} /> },
      who: { sort: startedBy.name, node: startedBy.name },
      when: { sort: startedAt.getTime(), node: <Age at={startedAt.getTime()} /> },
      took: { sort: ms, node: ms === undefined ? t('none') : took(ms) },
    }
  }
}

/** Applies as rows, the newest first. */
export function ApplyTable({ applies }: { applies: readonly ApplySummary[] }) {
  const t = useTranslations('activity')
  const cells = useCells()
  const columns: Column[] = (['kind', 'cluster', 'state', 'who', 'when', 'took'] as const).map(
    (id) => ({
      id,
      label: t(`column.${id}`),
      sortable: true,
      ...(id === 'took' && { align: 'end' }),
    }),
  )
  return (
    <Table
      caption={t('title')}
      columns={columns}
      rows={applies.map((apply) => ({ id: apply.id, cells: cells(apply) }))}
      {...(applies.length >= FILTER_FROM && { filterLabel: t('filter') })}
    />
  )
}
