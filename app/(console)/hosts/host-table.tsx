import { useTranslations } from 'next-intl'
import { HostStateBadge } from '@/app/_components/host-state-badge'
import type { HostService, HostView } from '@/app/_components/read-hosts'
import { Age } from '@/app/_ui/age'
import { State } from '@/app/_ui/state'
import { Table } from '@/app/_ui/table'
import type { Cell } from '@/app/_ui/table-rows'
import { TextLink } from '@/app/_ui/text-link'
import { useList } from '@/app/_ui/use-format'
import { paths } from '@/app/paths'

/** More rows than this are searched rather than read. */
const FILTER_FROM = 8

function ClusterLinks({ serves }: { serves: readonly HostService[] }) {
  const list = useList()
  return list(
    serves.map(({ id, name }) => (
      <TextLink key={id} href={paths.cluster(id)}>
        {name}
      </TextLink>
    )),
  )
}

function useCells(): (view: HostView) => Record<string, Cell> {
  const t = useTranslations('hosts')
  const list = useList()
  return ({ host, state, serves }) => {
    const { id, name, address, port, hostKey, probed } = host
    const none = <span className="text-muted">{t('none')}</span>
    const distribution = probed?.facts.distribution.name
    return {
      name: {
        sort: name,
        node: (
          <TextLink href={paths.host(id)} strong>
            {name}
          </TextLink>
        ),
      },
      state: {
        sort: state.name,
        node: (
          <span className="inline-flex flex-wrap items-center gap-x-2">
            <HostStateBadge state={state} />
            {probed !== undefined && (
              <Age at={probed.at.getTime()} className="text-muted text-sm" />
            )}
          </span>
        ),
      },
      address: {
        sort: address,
        node: (
          <span className="break-all font-mono text-sm">
            {address}
            {port !== 22 && <span className="text-muted">:{port}</span>}
          </span>
        ),
      },
      distribution: { sort: distribution, node: distribution ?? none },
      key: {
        sort: hostKey === undefined ? 1 : 0,
        node:
          hostKey === undefined ? (
            <TextLink href={paths.hostKey(id)}>{t('notApproved')}</TextLink>
          ) : (
            <State tone="neutral" icon="key-ok" quiet>
              {t('approved')}
            </State>
          ),
      },
      serves: {
        sort: serves.length === 0 ? undefined : list(serves.map((it) => it.name)),
        node: serves.length === 0 ? none : <ClusterLinks serves={serves} />,
      },
    }
  }
}

/** Every host as a row. */
export function HostTable({ hosts }: { hosts: readonly HostView[] }) {
  const t = useTranslations('hosts')
  const cells = useCells()
  const columns = (['name', 'state', 'address', 'distribution', 'key', 'serves'] as const).map(
    (id) => ({ id, label: t(`column.${id}`), sortable: true }),
  )
  return (
    <Table
      caption={t('title')}
      columns={columns}
      rows={hosts.map((view) => ({ id: view.host.id, cells: cells(view) }))}
      initialSort={{ column: 'name', descending: false }}
      {...(hosts.length >= FILTER_FROM && { filterLabel: t('filter') })}
    />
  )
}
