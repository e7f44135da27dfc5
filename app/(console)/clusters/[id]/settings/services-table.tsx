import { useTranslations } from 'next-intl'
import { LinkButton } from '@/app/_ui/link-button'
import { Table } from '@/app/_ui/table'
import type { Row } from '@/app/_ui/table-rows'
import { paths } from '@/app/paths'
import type { DesiredCluster, DesiredService } from '@/lib/lvs/cluster'
import { formatServiceKey } from '@/lib/lvs/service'

const mono = (text: string | number) => <span className="font-mono text-sm">{text}</span>

/** The virtual services of a cluster as desired. */
export function ServicesTable({
  cluster,
  mayChange,
}: {
  cluster: DesiredCluster
  mayChange: boolean
}) {
  const t = useTranslations('clusters.settings.services')
  const toRow = ({ id, key, config, realServers }: DesiredService): Row => {
    const name = formatServiceKey(key)
    const scheduler = [config.scheduler, ...config.flags].join(' ')
    const seconds = config.persistence?.timeoutSeconds
    const edit = (
      <LinkButton
        href={paths.serviceEdit(cluster.id, id)}
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
        service: { node: mono(name), sort: name },
        scheduler: { node: mono(scheduler), sort: scheduler },
        persistence: {
          node: seconds === undefined ? t('off') : mono(t('seconds', { seconds })),
          sort: seconds,
        },
        realServers: { node: mono(realServers.length), sort: realServers.length },
        edit: { node: mayChange && edit },
      },
    }
  }
  return (
    <Table
      caption={t('caption')}
      sortParam="services"
      columns={[
        { id: 'service', label: t('service'), sortable: true },
        { id: 'scheduler', label: t('scheduler'), sortable: true },
        { id: 'persistence', label: t('persistence'), sortable: true },
        { id: 'realServers', label: t('realServers'), sortable: true, align: 'end' },
        { id: 'edit', label: t('edit'), hideLabel: true, align: 'end' },
      ]}
      rows={cluster.services.map(toRow)}
      empty={<p className="px-4 py-3 text-muted text-sm">{t('empty')}</p>}
    />
  )
}
