import type { IconName } from '@/app/_ui/icon'
import { paths } from '@/app/paths'

export type SectionName = 'overview' | 'clusters' | 'hosts' | 'activity' | 'settings'

/** The sections of the console, in the order of the sidebar and of the bottom bar. */
export const SECTIONS: readonly { name: SectionName; href: string; icon: IconName }[] = [
  { name: 'overview', href: paths.overview, icon: 'overview' },
  { name: 'clusters', href: paths.clusters, icon: 'cluster' },
  { name: 'hosts', href: paths.hosts, icon: 'host' },
  { name: 'activity', href: paths.activity, icon: 'activity' },
  { name: 'settings', href: paths.settings, icon: 'settings' },
]

/** Pages that stand under another section than their address says. */
const ELSEWHERE: readonly [string, SectionName][] = [
  [paths.apply(''), 'activity'],
  [paths.save(''), 'hosts'],
]

function isUnder(path: string, href: string): boolean {
  return path === href || path.startsWith(href.endsWith('/') ? href : `${href}/`)
}

/** Tells in which section a path lies. */
export function sectionOf(path: string): SectionName {
  const elsewhere = ELSEWHERE.find(([prefix]) => path.startsWith(prefix))
  if (elsewhere !== undefined) return elsewhere[1]
  const found = SECTIONS.find(({ name, href }) => name !== 'overview' && isUnder(path, href))
  return found?.name ?? 'overview'
}
