'use client'

import { useTranslations } from 'next-intl'
import { ActionForm } from '@/app/_components/action-form'
import { Age } from '@/app/_ui/age'
import { Card } from '@/app/_ui/card'
import { Disclosure } from '@/app/_ui/disclosure'
import { SubmitButton } from '@/app/_ui/submit-button'
import { stopIgnoringAction } from './actions'
import { type DriftView, seenOf, useDriftName } from './drift-view'

/** What somebody set aside, folded: with who, why, and the way back. */
export function IgnoredList({
  drifts,
  mayChange,
}: {
  drifts: readonly DriftView[]
  mayChange: boolean
}) {
  const t = useTranslations('drift.ignored')
  const name = useDriftName()
  return (
    <Card>
      <Disclosure summary={t('title', { count: drifts.length })}>
        <p className="text-muted text-sm">{t('note')}</p>
        <ul className="mt-2 divide-y">
          {drifts.map((drift) => (
            <li
              key={`${drift.hostId} ${drift.itemId}`}
              className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2"
            >
              <span className="min-w-0 flex-1 basis-64">
                <span className="block break-words font-strong">{name(drift)}</span>
                {drift.ignored !== undefined && (
                  <span className="block text-muted text-sm">
                    {t.rich('by', {
                      by: drift.ignored.by,
                      why: drift.ignored.why,
                      age: () => <Age at={drift.ignored?.at ?? 0} />,
                    })}
                  </span>
                )}
              </span>
              {mayChange && (
                <ActionForm
                  action={stopIgnoringAction}
                  hidden={{ clusterId: drift.clusterId, drifts: seenOf([drift]) }}
                >
                  <SubmitButton variant="secondary">{t('stop')}</SubmitButton>
                </ActionForm>
              )}
            </li>
          ))}
        </ul>
      </Disclosure>
    </Card>
  )
}
