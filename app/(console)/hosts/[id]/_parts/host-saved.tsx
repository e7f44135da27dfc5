import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { Card } from '@/app/_ui/card'
import { HostSurvivalCard } from '@/app/(console)/_saves/host-survival'
import { Reading } from '@/app/(console)/_saves/reading'
import { isWanting, SavedActions, SurvivalHead } from '@/app/(console)/_saves/survival-head'
import { readSurvival } from '@/lib/ops/check-saved'

type Props = { hostId: string; mayChange: boolean }

async function Survival({ hostId, mayChange }: Props) {
  const scope = { kind: 'host', id: hostId } as const
  const { hosts, readAt, readMs } = await readSurvival(scope)
  const [read] = hosts
  if (read === undefined) return null
  return (
    <div className="flex flex-col gap-4">
      <SurvivalHead
        {...{ hosts, readAt, readMs }}
        actions={
          <SavedActions
            scope={scope}
            mayChange={mayChange}
            save="save"
            isUrgent={isWanting(hosts)}
          />
        }
      />
      <HostSurvivalCard read={read} scope={scope} isOwnPage />
    </div>
  )
}

/** What a reboot of this host would bring back. A host that nothing of ours is on is not asked. */
export async function HostSaved({ isUsed, ...props }: Props & { isUsed: boolean }) {
  const t = await getTranslations('saves')
  if (!isUsed)
    return (
      <Card id="saved" title={t('question')}>
        <p className="text-muted text-sm">{t('nothingText')}</p>
      </Card>
    )
  return (
    <Suspense fallback={<Reading hosts={1} />}>
      <Survival {...props} />
    </Suspense>
  )
}
