import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { readCluster } from '@/app/_components/read-cluster'
import { readHostsToSave, savedStateOf } from '@/app/_components/read-saved'
import { Card } from '@/app/_ui/card'
import { EmptyState } from '@/app/_ui/empty-state'
import { LinkButton } from '@/app/_ui/link-button'
import { HostSurvivalCard } from '@/app/(console)/_saves/host-survival'
import { Reading } from '@/app/(console)/_saves/reading'
import { isWanting, SavedActions, SurvivalHead } from '@/app/(console)/_saves/survival-head'
import { paths } from '@/app/paths'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'
import { type HostSurvival, readSurvival } from '@/lib/ops/check-saved'
import { TellSaved } from '../saved-news'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession()
  const t = await getTranslations('saves')
  const { desired } = await readCluster((await params).id)
  return { title: t('metaTitle', { name: desired.name }) }
}

/** More hosts than this are not read one by one: those that would come back are folded. */
const MANY = 6

const ORDER = ['lost', 'unknown', 'doubtful', 'survives', 'nothing'] as const
const rankOf = ({ survival }: HostSurvival) => ORDER.indexOf(survival?.state ?? 'unknown')

async function Empty({ clusterId }: { clusterId: string }) {
  const t = await getTranslations('saves.none')
  return (
    <Card>
      <EmptyState
        icon="save"
        title={t('title')}
        actions={
          <LinkButton href={paths.clusterPlan(clusterId)} icon="plan">
            {t('action')}
          </LinkButton>
        }
      >
        {t('text')}
      </EmptyState>
    </Card>
  )
}

async function Survival({ clusterId, mayChange }: { clusterId: string; mayChange: boolean }) {
  const scope = { kind: 'cluster', id: clusterId } as const
  const { hosts, readAt, readMs } = await readSurvival(scope)
  if (hosts.length === 0) return <Empty clusterId={clusterId} />
  const checks = hosts.flatMap((read) =>
    read.survival === undefined ? [] : [[read.host.id, read.check] as const],
  )
  const state = await savedStateOf(clusterId, new Map(checks))
  const sorted = [...hosts].sort((a, b) => rankOf(a) - rankOf(b))
  return (
    <div className="flex flex-col gap-4">
      <TellSaved clusterId={clusterId} state={state} />
      <SurvivalHead
        {...{ hosts, readAt, readMs }}
        actions={
          <SavedActions
            scope={scope}
            mayChange={mayChange}
            save={isWanting(hosts) ? 'now' : undefined}
          />
        }
      />
      {sorted.map((read) => (
        <HostSurvivalCard
          key={read.host.id}
          read={read}
          scope={scope}
          isFolded={hosts.length > MANY && read.survival?.state === 'survives'}
        />
      ))}
    </div>
  )
}

/** Would each host of this cluster come back from a reboot as desired? Reads all of them now. */
export default async function SavedPage({ params }: Props) {
  const { user } = await requireSession()
  const { desired } = await readCluster((await params).id)
  const ids = await readHostsToSave(desired.id)
  return (
    <Suspense fallback={<Reading hosts={ids.length} />}>
      <Survival clusterId={desired.id} mayChange={reaches(user.role, 'operator')} />
    </Suspense>
  )
}
