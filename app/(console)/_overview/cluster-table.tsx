import { useTranslations } from 'next-intl'
import type { ClusterWithState } from '@/app/_components/read-clusters'
import { Age } from '@/app/_ui/age'
import { State } from '@/app/_ui/state'
import { Table } from '@/app/_ui/table'
import type { Cell, Column } from '@/app/_ui/table-rows'
import { TextLink } from '@/app/_ui/text-link'
import { paths } from '@/app/paths'
import { formatServiceKey } from '@/lib/lvs/service'

/** More rows than this are searched rather than read. */
const FILTER_FROM = 8

function useCells(): (row: ClusterWithState) => Record<string, Cell> {
  const t = useTranslations('common.clusterState')
  return ({ cluster, state }) => {
    const { id, name, services, directors } = cluster.desired
    const keys = services.map(({ key }) => formatServiceKey(key))
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
          <span className="inline-flex flex-wrap items-center gap-x-2">
            <State tone={state.tone} icon={state.name === 'running' ? 'running' : undefined} quiet>
              {t(state.name)}
            </State>
            {state.at !== undefined && <Age at={state.at} className="text-muted text-sm" />}
          </span>
        ),
      },
      services: {
        sort: keys.join(' '),
        node: (
          <span className="flex flex-wrap gap-x-3 font-mono text-sm">
            {services.map(({ key, config }) => (
              <span key={formatServiceKey(key)}>
                {formatServiceKey(key)} <span className="text-muted">{config.scheduler}</span>
              </span>
            ))}
          </span>
        ),
      },
      realServers: { sort: realServers.length, node: realServers.length },
      director: {
        sort: directors.map((it) => it.name).join(', '),
        node: directors.map((it) => it.name).join(', '),
      },
    }
  }
}

/** Every cluster as a row. */
export function ClusterTable({ clusters }: { clusters: readonly ClusterWithState[] }) {
  const t = useTranslations('overview')
  const cells = useCells()
  const columns: Column[] = (
    ['cluster', 'state', 'services', 'director', 'realServers'] as const
  ).map((id) => ({
    id,
    label: t(`column.${id}`),
    sortable: true,
    ...(id === 'realServers' && { align: 'end' }),
  }))
  return (
    <Table
      caption={t('clusters')}
      columns={columns}
      rows={clusters.map((row) => ({ id: row.cluster.desired.id, cells: cells(row) }))}
      initialSort={{ column: 'cluster', descending: false }}
      {...(clusters.length >= FILTER_FROM && { filterLabel: t('filter') })}
    />
  )
}
