import { useTranslations } from 'next-intl'
import { Suspense } from 'react'
import type { DriftState } from '@/app/_components/read-drift'
import type { UndoState } from '@/app/_components/read-undo'
import type { SavedState } from '@/app/_components/saved-state'
import { LinkButton } from '@/app/_ui/link-button'
import { PageHead } from '@/app/_ui/page-head'
import { State } from '@/app/_ui/state'
import { SaveButton } from '@/app/(console)/_saves/save-button'
import { paths } from '@/app/paths'
import type { StoredCluster } from '@/lib/db/clusters'
import type { DesiredService } from '@/lib/lvs/cluster'
import { formatServiceKey } from '@/lib/lvs/service'
import { ClusterMenu } from './cluster-menu'
import { DriftWords } from './drift-words'
import { SavedWords } from './saved-words'
import { SyncState } from './sync-state'
import { UndoWords } from './undo-words'

/** The first service whole, and how many more there are. */
function Services({ services }: { services: readonly DesiredService[] }) {
  const t = useTranslations('clusters')
  const [first, ...others] = services
  if (first === undefined) return null
  const more = others.length === 0 ? '' : ` · ${t('moreServices', { count: others.length })}`
  return `${formatServiceKey(first.key)} · ${first.config.scheduler}${more}`
}

/** What an operator may do with what is desired. */
function Changes({
  services,
  ...cluster
}: {
  clusterId: string
  version: number
  name: string
  services: readonly DesiredService[]
}) {
  const t = useTranslations('clusters')
  const { clusterId } = cluster
  const hasServices = services.length > 0
  return (
    <>
      {hasServices ? (
        <LinkButton href={paths.realServerNew(clusterId)} icon="add">
          {t('addRealServer')}
        </LinkButton>
      ) : (
        <LinkButton href={paths.serviceNew(clusterId)} icon="add">
          {t('addService')}
        </LinkButton>
      )}
      <ClusterMenu {...cluster} hasServices={hasServices} />
    </>
  )
}

/** What this cluster is, whether it is as desired, and what one can do with it. */
export function ClusterHead({
  cluster,
  saved,
  drift,
  undo,
  mayChange,
}: {
  cluster: StoredCluster
  saved: SavedState
  drift: DriftState | undefined
  undo: UndoState | undefined
  mayChange: boolean
}) {
  const t = useTranslations('clusters')
  const { id, name, services } = cluster.desired
  const isDeleted = cluster.deletedAt !== undefined
  return (
    <PageHead
      title={name}
      detail={<Services services={services} />}
      state={
        isDeleted ? (
          <State tone="neutral">{t('deleted')}</State>
        ) : (
          <>
            <Suspense
              fallback={
                <State tone="info" icon="running" quiet>
                  {t('sync.reading')}
                </State>
              }
            >
              <SyncState clusterId={id} isEmpty={services.length === 0} />
            </Suspense>
            <UndoWords undo={undo} />
            <DriftWords clusterId={id} known={drift} />
            <SavedWords clusterId={id} known={saved} />
          </>
        )
      }
      actions={
        !isDeleted && (
          <>
            {services.length > 0 && (
              <SaveButton scope={{ kind: 'cluster', id }} mayChange={mayChange} />
            )}
            {mayChange && (
              <Changes clusterId={id} version={cluster.version} name={name} services={services} />
            )}
          </>
        )
      }
    />
  )
}
