import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { readPlan } from '@/app/_components/read-plan'
import { paths } from '@/app/paths'
import type { StoredCluster } from '@/lib/db/clusters'
import { CurrentTabs } from './current-tabs'

type Words = Record<
  'label' | 'live' | 'plan' | 'drift' | 'history' | 'saved' | 'rules' | 'settings',
  string
>

function tabsOf({ desired, deletedAt }: StoredCluster, words: Words, steps?: number) {
  const { id } = desired
  const scope = { kind: 'cluster', id } as const
  const plan = { href: paths.clusterPlan(id), label: words.plan, count: steps }
  const history = { href: paths.cluster(id, 'history'), label: words.history }
  // Of a deleted cluster debts may be left on hosts, and what was done.
  if (deletedAt !== undefined) return [plan, history]
  return [
    { href: paths.cluster(id), label: words.live },
    plan,
    { href: paths.cluster(id, 'drift'), label: words.drift },
    history,
    {
      href: paths.saved(scope),
      label: words.saved,
      covers: [paths.savePlan(scope), paths.saves(scope)],
    },
    { href: paths.cluster(id, 'rules'), label: words.rules },
    { href: paths.cluster(id, 'settings'), label: words.settings },
  ]
}

async function CountedTabs({ cluster, words }: { cluster: StoredCluster; words: Words }) {
  const { plan } = await readPlan(cluster.desired.id, false)
  return <CurrentTabs label={words.label} tabs={tabsOf(cluster, words, plan.steps.length)} />
}

/** The pages of a cluster; the number of planned steps comes when the hosts were read. */
export async function ClusterTabs({ cluster }: { cluster: StoredCluster }) {
  const t = await getTranslations('clusters.tabs')
  const words: Words = {
    ...{ label: t('label'), live: t('live'), plan: t('plan'), drift: t('drift') },
    ...{ history: t('history'), saved: t('saved'), rules: t('rules'), settings: t('settings') },
  }
  return (
    <Suspense fallback={<CurrentTabs label={words.label} tabs={tabsOf(cluster, words)} />}>
      <CountedTabs cluster={cluster} words={words} />
    </Suspense>
  )
}
