import { getTranslations } from 'next-intl/server'
import { readPlan } from '@/app/_components/read-plan'
import { Age } from '@/app/_ui/age'
import { State } from '@/app/_ui/state'
import { TextLink } from '@/app/_ui/text-link'
import type { Tone } from '@/app/_ui/tone'
import { paths } from '@/app/paths'
import { isComplete, isEmpty, type Plan } from '@/lib/lvs/plan'

type Sync = { tone: Tone; word: 'none' | 'inSync' | 'unread' | 'refused' | 'pending' }

function syncOf(plan: Plan, isBlank: boolean): Sync {
  if (plan.refusals.length > 0) return { tone: 'bad', word: 'refused' }
  if (!isEmpty(plan)) return { tone: 'warn', word: 'pending' }
  if (!isComplete(plan)) return { tone: 'unknown', word: 'unread' }
  return isBlank ? { tone: 'neutral', word: 'none' } : { tone: 'ok', word: 'inSync' }
}

/** Whether running is as desired, by reading every host now. */
export async function SyncState({
  clusterId,
  isEmpty: isBlank,
}: {
  clusterId: string
  isEmpty: boolean
}) {
  const t = await getTranslations('clusters.sync')
  const { plan, readAt } = await readPlan(clusterId, false)
  const { tone, word } = syncOf(plan, isBlank)
  const unread = [...plan.waiting, ...plan.debts].map(({ hostName }) => hostName)
  return (
    <>
      <State tone={tone}>{t(word, { steps: plan.steps.length })}</State>
      {unread.length > 0 && (
        <State tone="unknown" icon="unplugged" quiet>
          {t('hosts', { hosts: [...new Set(unread)].join(', '), count: new Set(unread).size })}
        </State>
      )}
      <span>{t.rich('read', { age: () => <Age at={readAt.getTime()} /> })}</span>
      {(word === 'pending' || word === 'refused') && (
        <TextLink href={paths.clusterPlan(clusterId)}>{t('review')}</TextLink>
      )}
    </>
  )
}
