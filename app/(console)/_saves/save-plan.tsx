import { getTranslations } from 'next-intl/server'
import { paths, type Subject } from '@/app/paths'
import { planSaveNow } from '@/lib/ops/save-rules'
import type { Included } from './included'
import { SaveScreen } from './save-screen'
import { saveView } from './save-view'

/** The plan of saving a cluster's hosts, or one host, made now from what its hosts run and have saved. */
export async function SavePlan({
  scope,
  include,
  mayApply,
}: {
  scope: Subject
  include: Included[]
  mayApply: boolean
}) {
  const t = await getTranslations('saves')
  const planned = await planSaveNow(scope, { include })
  const label = t(scope.kind === 'cluster' ? 'backToSaved' : 'backToHost')
  return (
    <SaveScreen
      kind="save"
      view={saveView(planned, include)}
      mayApply={mayApply}
      hidden={scope}
      back={{ href: paths.saved(scope), label }}
    />
  )
}
