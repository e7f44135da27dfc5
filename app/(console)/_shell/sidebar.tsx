import { useTranslations } from 'next-intl'
import { Mark } from '@/app/_components/mark'
import type { ClusterWithState } from '@/app/_components/read-clusters'
import { StateDot } from '@/app/_ui/state'
import { paths } from '@/app/paths'
import { FoldButton } from './fold-button'
import { BottomLink, NavItem, NavLink } from './nav-link'
import { SECTIONS } from './sections'

/** The sections, with each cluster and the dot of its state under Clusters. */
export function Sidebar({
  clusters,
  folded,
}: {
  clusters: readonly ClusterWithState[]
  folded: boolean
}) {
  const t = useTranslations('common.nav')
  const state = useTranslations('common.clusterState')
  return (
    <aside className="sticky top-0 flex h-dvh w-60 shrink-0 flex-col border-r bg-raised max-md:hidden folded:w-14">
      <p className="flex h-12 items-center gap-2.5 px-4 font-strong folded:justify-center folded:px-0">
        <Mark />
        <span className="folded:sr-only">Tunboard</span>
      </p>
      <nav aria-label={t('label')} className="flex-1 overflow-y-auto px-2 py-2">
        <ul className="flex flex-col gap-0.5">
          {SECTIONS.map((section) => (
            <li key={section.name}>
              <NavLink {...section} label={t(section.name)} />
              {section.name === 'clusters' && clusters.length > 0 && (
                <ul className="mt-0.5 mb-1 flex flex-col gap-px">
                  {clusters.map(({ cluster, state: { name, tone } }) => (
                    <li key={cluster.desired.id}>
                      <NavItem
                        href={paths.cluster(cluster.desired.id)}
                        label={cluster.desired.name}
                      >
                        <StateDot tone={tone} label={state(name)} />
                      </NavItem>
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
      </nav>
      <div className="border-t p-2 max-lg:hidden">
        <FoldButton folded={folded} fold={t('fold')} unfold={t('unfold')} />
      </div>
    </aside>
  )
}

/** The sections at the bottom of a phone, in reach of a thumb. */
export function BottomBar() {
  const t = useTranslations('common.nav')
  return (
    <nav
      aria-label={t('label')}
      className="fixed inset-x-0 bottom-0 z-30 flex h-15 border-t bg-raised px-1 pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {SECTIONS.map((section) => (
        <BottomLink key={section.name} {...section} label={t(section.name)} />
      ))}
    </nav>
  )
}
