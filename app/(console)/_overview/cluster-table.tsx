import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { ClusterWithState } from '@/app/_components/read-clusters'
import type { SavedState } from '@/app/_components/saved-state'
import { Age } from '@/app/_ui/age'
import { Sparkline } from '@/app/_ui/sparkline'
import { State } from '@/app/_ui/state'
import { Table } from '@/app/_ui/table'
import type { Cell, Column } from '@/app/_ui/table-rows'
import { TextLink } from '@/app/_ui/text-link'
import { UnknownValue } from '@/app/_ui/unknown-value'
import { paths } from '@/app/paths'
import type { LiveHistory } from '@/lib/lvs/live'
import { formatServiceKey } from '@/lib/lvs/service'
import { activeSamples, liveFigures } from './live-figures'

/** More rows than this are searched rather than read. */
const FILTER_FROM = 8
/** Ten seconds each: finer than a word-sized line can show. */
const SPARK_STEPS = 60

export type OverviewRow = ClusterWithState & {
  history: LiveHistory | undefined
  saved: SavedState
}

function useFigure(): (figure: number | undefined) => Cell {
  const t = useTranslations('overview.live')
  return (figure) => ({
    sort: figure,
    node:
      figure === undefined ? (
        <UnknownValue reason={t('unknown')} />
      ) : (
        <span className="font-mono text-sm">{Math.round(figure * 10) / 10}</span>
      ),
  })
}

function useLiveCells(): (row: OverviewRow) => Record<'active' | 'rate' | 'traffic', Cell> {
  const t = useTranslations('overview.live')
  const figure = useFigure()
  return ({ cluster, live, history }) => {
    const { active, connectionsPerSecond, readAt } = live === undefined ? {} : liveFigures(live)
    return {
      active: figure(active),
      rate: figure(connectionsPerSecond),
      traffic: {
        node: (
          <span className="inline-flex items-center gap-3 whitespace-nowrap">
            {history === undefined ? (
              <UnknownValue reason={t('unwatched')} />
            ) : (
              <Sparkline
                values={activeSamples(history, SPARK_STEPS)}
                label={t('trend', { name: cluster.desired.name })}
              />
            )}
            {readAt !== undefined && <Age at={readAt} className="text-muted text-sm" />}
          </span>
        ),
      },
    }
  }
}

/** Whether a reboot would bring it back, and why not on the page behind it. */
function SavedLine({ cluster, saved: { word, tone } }: OverviewRow) {
  const t = useTranslations('saves.short')
  if (word === 'unapplied' || word === 'nothing') return null
  return (
    <Link
      href={paths.saved({ kind: 'cluster', id: cluster.desired.id })}
      className="rounded-chip hover:underline"
    >
      <State tone={tone} quiet>
        {t(word)}
      </State>
    </Link>
  )
}

function useCells(): (row: OverviewRow) => Record<string, Cell> {
  const t = useTranslations('common.clusterState')
  return (row) => {
    const { cluster, state } = row
    const { id, name, services } = cluster.desired
    const realServers = services.flatMap((service) => service.realServers)
    return {
      cluster: {
        sort: name,
        node: (
          <TextLink href={paths.cluster(id)} strong>
            {name}
          </TextLink>
        ),
      },
      state: {
        sort: t(state.name),
        node: (
          <span className="inline-flex flex-col items-start">
            <State tone={state.tone} icon={state.name === 'running' ? 'running' : undefined} quiet>
              {t(state.name)}
            </State>
            <SavedLine {...row} />
          </span>
        ),
      },
      services: {
        sort: services.map(({ key }) => formatServiceKey(key)).join(' '),
        node: (
          <span className="inline-flex flex-col font-mono text-sm">
            {services.map(({ key, config }) => (
              <span key={formatServiceKey(key)}>
                {formatServiceKey(key)} <span className="text-muted">{config.scheduler}</span>
              </span>
            ))}
          </span>
        ),
      },
      realServers: {
        sort: realServers.length,
        node: <span className="font-mono text-sm">{realServers.length}</span>,
      },
    }
  }
}

const NUMBERS = ['realServers', 'active', 'rate']

/** Every cluster as a row: how it is, and what runs through it now. */
export function ClusterTable({ rows }: { rows: readonly OverviewRow[] }) {
  const t = useTranslations('overview')
  const cells = useCells()
  const liveCells = useLiveCells()
  const columns: Column[] = (
    ['cluster', 'state', 'services', 'realServers', 'active', 'rate', 'traffic'] as const
  ).map((id) => ({
    id,
    label: t(`column.${id}`),
    sortable: id !== 'traffic',
    ...(NUMBERS.includes(id) && { align: 'end' }),
  }))
  return (
    <Table
      caption={t('clusters')}
      columns={columns}
      rows={rows.map((row) => ({
        id: row.cluster.desired.id,
        cells: { ...cells(row), ...liveCells(row) },
      }))}
      initialSort={{ column: 'cluster', descending: false }}
      {...(rows.length >= FILTER_FROM && { filterLabel: t('filter') })}
    />
  )
}
