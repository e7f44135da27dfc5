import { useTranslations } from 'next-intl'
import type { ClusterWithState } from '@/app/_components/read-clusters'
import { Age } from '@/app/_ui/age'
import { State } from '@/app/_ui/state'
import { Table } from '@/app/_ui/table'
import type { Column, Row } from '@/app/_ui/table-rows'
import { TextLink } from '@/app/_ui/text-link'
import { useList } from '@/app/_ui/use-format'
import { paths } from '@/app/paths'
import type { ApplySummary } from '@/lib/db/applies'
import type { DesiredService } from '@/lib/lvs/cluster'
import { formatServiceKey } from '@/lib/lvs/service'

export type ClusterRow = ClusterWithState & { last: ApplySummary | undefined }

function Services({ services }: { services: readonly DesiredService[] }) {
  const t = useTranslations('clusters.list')
  const [first, ...others] = services
  if (first === undefined) return <span className="text-muted">{t('noService')}</span>
  return (
    <span className="whitespace-nowrap font-mono text-sm">
      {formatServiceKey(first.key)}
      {others.length > 0 && (
        <span className="ml-1.5 text-muted">{t('more', { count: others.length })}</span>
      )}
    </span>
  )
}

function useRow() {
  const t = useTranslations('clusters.list')
  const state = useTranslations('common.clusterState')
  const list = useList()
  return ({ cluster, state: { name: stateName, tone }, last }: ClusterRow): Row => {
    const { id, name, services, directors } = cluster.desired
    const entries = services.flatMap(({ realServers }) => realServers)
    const servers = new Set(entries.map(({ key }) => key.rip)).size
    const directorNames = list(directors.map((director) => director.name))
    const schedulers = list([...new Set(services.map(({ config }) => config.scheduler))])
    return {
      id,
      cells: {
        name: {
          node: (
            <TextLink href={paths.cluster(id)} strong>
              {name}
            </TextLink>
          ),
          sort: name,
        },
        state: {
          node: (
            <State tone={tone} quiet>
              {state(stateName)}
            </State>
          ),
          sort: state(stateName),
        },
        service: {
          node: <Services services={services} />,
          sort: services.map(({ key }) => formatServiceKey(key)).join(' '),
        },
        scheduler: {
          node: <span className="font-mono text-sm">{schedulers}</span>,
          sort: schedulers,
        },
        director: { node: directorNames, sort: directorNames },
        realServers: { node: <span className="font-mono text-sm">{servers}</span>, sort: servers },
        lastApply: {
          node:
            last === undefined ? (
              <span className="text-muted">{t('never')}</span>
            ) : (
              <TextLink href={paths.apply(last.id)} className="whitespace-nowrap">
                <Age at={(last.endedAt ?? last.startedAt).getTime()} />
              </TextLink>
            ),
          sort: (last?.endedAt ?? last?.startedAt)?.getTime(),
        },
      },
    }
  }
}

/** Clusters as rows. */
export function ClusterTable({ rows }: { rows: readonly ClusterRow[] }) {
  const t = useTranslations('clusters.list')
  const toRow = useRow()
  const columns: Column[] = [
    { id: 'name', label: t('name'), sortable: true },
    { id: 'state', label: t('state'), sortable: true },
    { id: 'service', label: t('service'), sortable: true },
    { id: 'scheduler', label: t('scheduler'), sortable: true },
    { id: 'director', label: t('director'), sortable: true },
    { id: 'realServers', label: t('realServers'), sortable: true, align: 'end' },
    { id: 'lastApply', label: t('lastApply'), sortable: true, align: 'end' },
  ]
  return (
    <Table
      caption={t('caption')}
      columns={columns}
      rows={rows.map(toRow)}
      {...(rows.length > 8 && { filterLabel: t('filter') })}
    />
  )
}
