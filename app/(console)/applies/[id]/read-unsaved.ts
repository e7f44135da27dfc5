import { isFileKind } from '@/app/_components/apply-state'
import { readSavedState } from '@/app/_components/read-saved'
import { type Apply, listApplies } from '@/lib/db/applies'

/**
 * Tells whether a reboot would lose what an apply changed: by the last reading of its hosts' files, or, where none was
 * made since, because nobody has saved since.
 */
export async function readUnsaved(apply: Apply): Promise<boolean> {
  const { subject, kind, state, endedAt, plan } = apply
  if (isFileKind(kind) || subject.kind !== 'cluster' || state !== 'verified') return false
  if (endedAt === undefined || plan.steps.length === 0) return false
  const { word, at } = await readSavedState(subject.id)
  if (at !== undefined && at > endedAt.getTime())
    return word === 'unsaved' || word === 'returns' || word === 'notLoaded'
  const later = await listApplies({ clusterId: subject.id, limit: 20 })
  return !later.some(
    (it) => it.kind === 'save' && it.state === 'verified' && it.startedAt > apply.startedAt,
  )
}
