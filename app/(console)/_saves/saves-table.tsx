import { useTranslations } from 'next-intl'
import { diffFile } from '@/app/_components/file-diff'
import { Age } from '@/app/_ui/age'
import { Chip } from '@/app/_ui/chip'
import { Table } from '@/app/_ui/table'
import type { Column, Row } from '@/app/_ui/table-rows'
import { TextLink } from '@/app/_ui/text-link'
import { paths } from '@/app/paths'
import type { Save } from '@/lib/db/saves'

/** More rows than this are searched rather than read. */
const FILTER_FROM = 8

/** The files that a save changed, each with how many lines came and went. */
export const changedFiles = ({ files }: Pick<Save, 'files'>) =>
  files
    .filter(({ before, after }) => before !== after)
    .map(({ path, before, after }) => ({ path, diff: diffFile(before, after) }))

function Changed({ save }: { save: Save }) {
  const t = useTranslations('saves.history')
  const files = changedFiles(save)
  const sum = (name: 'added' | 'removed') => files.reduce((all, { diff }) => all + diff[name], 0)
  const [added, removed] = [sum('added'), sum('removed')]
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-2">
      {t('files', { count: files.length })}
      <span aria-hidden className="whitespace-nowrap font-mono text-sm">
        {added > 0 && <span className="text-ok">+{added}</span>}{' '}
        {removed > 0 && <span className="text-bad">−{removed}</span>}
      </span>
      <span className="sr-only">{t('lines', { added, removed })}</span>
    </span>
  )
}

function useRow(newest: ReadonlySet<string>): (save: Save) => Row {
  const t = useTranslations('saves.history')
  return (save) => ({
    id: save.id,
    cells: {
      what: {
        sort: t(`kind.${save.kind}`),
        node: (
          <span className="inline-flex flex-wrap items-baseline gap-x-2">
            <TextLink href={paths.save(save.id)} strong>
              {t(`kind.${save.kind}`)}
            </TextLink>
            {newest.has(save.id) && <Chip>{t('newest')}</Chip>}
          </span>
        ),
      },
      host: {
        sort: save.hostName,
        node: <TextLink href={paths.host(save.hostId)}>{save.hostName}</TextLink>,
      },
      changed: { sort: changedFiles(save).length, node: <Changed save={save} /> },
      who: { sort: save.by.name, node: save.by.name },
      when: { sort: save.at.getTime(), node: <Age at={save.at.getTime()} /> },
      apply: {
        node: <TextLink href={paths.apply(save.applyId)}>{t('apply')}</TextLink>,
      },
    },
  })
}

/** Saves as rows, the newest first: each is one host's part. */
export function SavesTable({ saves, withHost }: { saves: readonly Save[]; withHost: boolean }) {
  const t = useTranslations('saves.history')
  const newest = new Map<string, string>()
  for (const { hostId, id } of saves) if (!newest.has(hostId)) newest.set(hostId, id)
  const toRow = useRow(new Set(newest.values()))
  const ids = ['what', ...(withHost ? ['host' as const] : []), 'changed', 'who', 'when'] as const
  const columns: Column[] = [
    ...ids.map((id) => ({ id, label: t(`column.${id}`), sortable: true })),
    { id: 'apply', label: t('column.apply'), hideLabel: true, align: 'end' },
  ]
  return (
    <Table
      caption={t('title')}
      columns={columns}
      rows={saves.map(toRow)}
      {...(saves.length >= FILTER_FROM && { filterLabel: t('filter') })}
    />
  )
}
