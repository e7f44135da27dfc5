import Link from 'next/link'
import { getFormatter, getTranslations } from 'next-intl/server'
import { readPlan } from '@/app/_components/read-plan'
import { Age } from '@/app/_ui/age'
import { State } from '@/app/_ui/state'
import type { Tone } from '@/app/_ui/tone'
import { PLAIN_LIST } from '@/app/_ui/use-format'
import { paths } from '@/app/paths'
import { isComplete, isEmpty, isForbidden, type Plan } from '@/lib/lvs/plan'
import { FreshHead } from './fresh-head'

type Sync = {
  tone: Tone
  word: 'none' | 'inSync' | 'unread' | 'owing' | 'blind' | 'refused' | 'pending'
}

function syncOf(plan: Plan, isBlank: boolean, canSee: boolean): Sync {
  if (!canSee) return { tone: 'unknown', word: 'blind' }
  if (isForbidden(plan)) return { tone: 'bad', word: 'refused' }
  if (!isEmpty(plan)) return { tone: 'warn', word: 'pending' }
  if (plan.waiting.length > 0) return { tone: 'unknown', word: 'unread' }
  if (!isComplete(plan)) return { tone: 'warn', word: 'owing' }
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
  const format = await getFormatter()
  const { plan, hosts, readAt } = await readPlan(clusterId, false)
  const canSee = hosts.length === 0 || hosts.some(({ running }) => running !== undefined)
  const { tone, word } = syncOf(plan, isBlank, canSee)
  const unread = hosts.filter(({ running }) => running === undefined).map(({ host }) => host.name)
  const state = (
    <State tone={tone} quiet={tone === 'unknown'}>
      {t(word, { steps: plan.steps.length })}
    </State>
  )
  return (
    <>
      {word === 'pending' || word === 'refused' ? (
        <Link href={paths.clusterPlan(clusterId)} className="rounded-chip hover:underline">
          {state}
        </Link>
      ) : (
        state
      )}
      {unread.length > 0 && (
        <State tone="unknown" icon="unplugged" quiet>
          {t('hosts', {
            hosts: format.list(unread.slice(0, 3), PLAIN_LIST),
            more: Math.max(0, unread.length - 3),
          })}
        </State>
      )}
      <FreshHead readAt={readAt.getTime()} />
      <span>{t.rich('read', { age: () => <Age at={readAt.getTime()} /> })}</span>
    </>
  )
}
