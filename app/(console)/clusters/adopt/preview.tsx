import { useTranslations } from 'next-intl'
import { Refusals } from '@/app/_components/plan-warnings'
import { Banner } from '@/app/_ui/banner'
import { Card } from '@/app/_ui/card'
import { CodeBlock } from '@/app/_ui/code'
import { Facts } from '@/app/_ui/facts'
import { planScript } from '@/app/(console)/_plan/plan-script'
import type { Adoption } from '@/lib/lvs/adopt'
import { formatRealServerKey, formatServiceKey } from '@/lib/lvs/service'

type Props = { adoption: Adoption; unread: readonly string[] }

/** What the first plan would be: nothing, or every command that is missing for it to be as it should. */
function FirstPlan({ adoption }: { adoption: Adoption }) {
  const t = useTranslations('adopt')
  const { steps } = adoption.plan
  if (steps.length === 0)
    return (
      <Banner tone="ok" title={t('planEmpty')}>
        {t('planEmptyText')}
      </Banner>
    )
  return (
    <Card title={t('planSteps', { count: steps.length })} note={t('planStepsNote')}>
      <CodeBlock text={planScript(steps)} copyLabel={t('copy')} />
    </Card>
  )
}

/** Exactly what adopting would write, before anybody clicks. */
export function Preview({ adoption, unread }: Props) {
  const t = useTranslations('adopt')
  const settings = useTranslations('adopt.recognised')
  const { desired, rows, plan } = adoption
  const { options, directors, services } = desired
  const names = Object.fromEntries(plan.steps.map(({ hostId, hostName }) => [hostId, hostName]))
  return (
    <>
      <Card title={t('desired')} note={t('desiredNote', { count: rows.length })}>
        <Facts
          facts={[
            { label: 'DIP', value: directors.map(({ dip }) => dip).join(', '), mono: true },
            { label: t('vipDevice'), value: options.directorDevice, mono: true },
            { label: t('arp'), value: settings(options.arpScope) },
            { label: t('rpFilter'), value: settings(options.rpFilter) },
          ]}
        />
        <ul className="mt-4 divide-y border-t">
          {services.map(({ key, realServers }) => (
            <li key={formatServiceKey(key)} className="py-2">
              <p className="break-words font-mono text-sm">{formatServiceKey(key)}</p>
              <ul className="mt-1 text-muted text-sm">
                {realServers.slice(0, 50).map(({ id, key: server, name, hostId }) => (
                  <li key={id}>
                    <span className="font-mono">{formatRealServerKey(server)}</span>{' '}
                    {hostId === undefined ? t('unmanaged') : t('linked', { name })}
                  </li>
                ))}
                {realServers.length > 50 && (
                  <li>{t('andMore', { count: realServers.length - 50 })}</li>
                )}
              </ul>
            </li>
          ))}
        </ul>
      </Card>
      {unread.length > 0 && (
        <Banner tone="unknown" title={t('unread', { hosts: unread.join(', ') })}>
          {t('unreadText')}
        </Banner>
      )}
      <Refusals refusals={plan.refusals} hostNames={names} />
      <FirstPlan adoption={adoption} />
    </>
  )
}
