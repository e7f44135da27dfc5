import { useTranslations } from 'next-intl'
import { LinkButton } from '@/app/_ui/link-button'
import { Table } from '@/app/_ui/table'
import type { Row } from '@/app/_ui/table-rows'
import { TextLink } from '@/app/_ui/text-link'
import { paths } from '@/app/paths'
import type { DesiredCluster, DesiredRealServer } from '@/lib/lvs/cluster'
import { formatRealServerKey, formatServiceKey } from '@/lib/lvs/service'

const mono = (text: string | number) => <span className="font-mono text-sm">{text}</span>

/** The real servers of a cluster as desired: a row for each entry. */
export function RealServersTable({
  cluster,
  mayChange,
}: {
  cluster: DesiredCluster
  mayChange: boolean
}) {
  const t = useTranslations('clusters.settings.realServers')
  const toRow = (realServer: DesiredRealServer, service: string): Row => {
    const { id, name, hostId, key, config } = realServer
    const endpoint = formatRealServerKey(key)
    const edit = (
      <LinkButton
        href={paths.realServerEdit(cluster.id, id)}
        size="sm"
        variant="quiet"
        icon="edit"
        aria-label={`${t('edit')} ${name}`}
      >
        {t('edit')}
      </LinkButton>
    )
    return {
      id,
      cells: {
        name: {
          node:
            hostId === undefined ? (
              <span className="font-strong">{name}</span>
            ) : (
              <TextLink href={paths.host(hostId)} strong>
                {name}
              </TextLink>
            ),
          sort: name,
        },
        endpoint: { node: mono(endpoint), sort: endpoint },
        service: { node: mono(service), sort: service },
        weight: { node: mono(config.weight), sort: config.weight },
        managed: {
          node: <span className="text-muted">{t(hostId === undefined ? 'no' : 'yes')}</span>,
          sort: hostId === undefined ? 'no' : 'yes',
        },
        edit: { node: mayChange && edit },
      },
    }
  }
  const rows = cluster.services.flatMap(({ key, realServers }) =>
    realServers.map((realServer) => toRow(realServer, formatServiceKey(key))),
  )
  return (
    <Table
      caption={t('caption')}
      sortParam="servers"
      columns={[
        { id: 'name', label: t('name'), sortable: true },
        { id: 'endpoint', label: t('endpoint'), sortable: true },
        { id: 'service', label: t('service'), sortable: true },
        { id: 'weight', label: t('weight'), sortable: true, align: 'end' },
        { id: 'managed', label: t('managed'), sortable: true },
        { id: 'edit', label: t('edit'), hideLabel: true, align: 'end' },
      ]}
      rows={rows}
      empty={<p className="px-4 py-3 text-muted text-sm">{t('empty')}</p>}
    />
  )
}
