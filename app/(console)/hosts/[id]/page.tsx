import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { HostStateBadge } from '@/app/_components/host-state-badge'
import { readHostDrift } from '@/app/_components/read-drift'
import { readHost } from '@/app/_components/read-host'
import { Age } from '@/app/_ui/age'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHead } from '@/app/_ui/page-head'
import { State } from '@/app/_ui/state'
import { paths } from '@/app/paths'
import { firstOf, type SearchParams } from '@/app/search-params'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'
import { readHostUse } from '@/lib/ops/delete-host'
import { HostConnection } from './_parts/host-connection'
import { HostFactsView } from './_parts/host-facts-view'
import { HostLedger } from './_parts/host-ledger'
import { HostMenu } from './_parts/host-menu'
import { HostSaved } from './_parts/host-saved'
import { HostServes } from './_parts/host-serves'
import { KeyBanner } from './_parts/key-banner'
import { TestButton, TestConnection, TestOutcome, TestState } from './_parts/test-connection'

type Props = { params: Promise<{ id: string }>; searchParams: SearchParams }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession()
  return { title: (await readHost((await params).id)).host.name }
}

/** What a host is, how it is reached, what it serves, and what is ours on it. */
export default async function HostPage({ params, searchParams }: Props) {
  const { user } = await requireSession()
  const mayChange = reaches(user.role, 'operator')
  const { host, state, serves, ours, debts } = await readHost((await params).id)
  const isApproved = host.hostKey !== undefined
  const then = firstOf((await searchParams).then)
  const use = await readHostUse(host.id)
  const drift = await readHostDrift(host.id)
  const t = await getTranslations('hosts.page')
  const whyNot = () => {
    if (!mayChange) return t('needsOperator')
    return isApproved ? undefined : t('keyFirst')
  }
  return (
    <TestConnection
      host={{ id: host.id, name: host.name }}
      autoStart={then === 'test' && isApproved && mayChange}
    >
      <PageHead
        title={host.name}
        detail={`${host.user}@${host.address}:${host.port}`}
        state={
          <>
            <TestState>
              <HostStateBadge state={state} />
            </TestState>
            {drift !== undefined && (
              <State tone="warn" quiet>
                {t('drifted', { count: drift.count })}
              </State>
            )}
            {host.probed !== undefined && (
              <span>
                · {t('readAge')} <Age at={host.probed.at.getTime()} />
              </span>
            )}
          </>
        }
        actions={
          <>
            <TestButton disabledReason={whyNot()} />
            {mayChange && (
              <HostMenu
                host={{ id: host.id, name: host.name }}
                use={{ clusters: use.clusters.map((it) => it.name), items: use.items }}
              />
            )}
          </>
        }
      />
      <div className="grid grid-cols-1 gap-6">
        <TestOutcome />
        {!isApproved && mayChange && <KeyBanner hostId={host.id} />}
        {host.probed === undefined ? (
          isApproved && (
            <div className="rounded-card border bg-raised">
              <EmptyState icon="search" title={t('untestedTitle')}>
                {t('untestedText')}
              </EmptyState>
            </div>
          )
        ) : (
          <HostFactsView
            facts={host.probed.facts}
            adoptHref={mayChange ? paths.clusterAdopt(host.id) : undefined}
          />
        )}
        <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
          <HostConnection host={host} mayChange={mayChange} />
          <HostServes serves={serves} />
        </div>
        <HostLedger ours={ours} debts={debts} />
        {isApproved && (
          <HostSaved
            hostId={host.id}
            isUsed={serves.length + ours.length > 0}
            mayChange={mayChange}
          />
        )}
      </div>
    </TestConnection>
  )
}
