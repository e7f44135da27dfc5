import { useTranslations } from 'next-intl'
import { Moment } from '@/app/_ui/age'
import { Card } from '@/app/_ui/card'
import { type Fact, Facts } from '@/app/_ui/facts'
import { State } from '@/app/_ui/state'
import { TextLink } from '@/app/_ui/text-link'
import { paths } from '@/app/paths'
import type { Host } from '@/lib/lvs/host'

function KeyView({ host }: { host: Host }) {
  const t = useTranslations('hosts')
  if (host.hostKey === undefined)
    return (
      <State tone="warn" quiet>
        {t('notApproved')}
      </State>
    )
  const { fingerprint, approvedAt, approvedBy } = host.hostKey
  return (
    <>
      <span className="block break-all font-mono">{fingerprint}</span>
      <span className="text-muted">
        {t('key.by', { name: approvedBy })} · <Moment at={approvedAt.getTime()} />
      </span>
    </>
  )
}

/** How Tunboard reaches the host, and by which key it knows it. */
export function HostConnection({ host, mayChange }: { host: Host; mayChange: boolean }) {
  const t = useTranslations('hosts.page')
  const facts: Fact[] = [
    { label: t('address'), value: `${host.address}:${host.port}`, mono: true },
    { label: t('rights'), value: t(`privilege.${host.become}`, { user: host.user }) },
    { label: t('credential'), value: t(`auth.${host.authKind}`) },
    { label: t('hostKey'), value: <KeyView host={host} /> },
  ]
  return (
    <Card
      id="connection"
      title={t('connection')}
      actions={mayChange && <TextLink href={paths.hostEdit(host.id)}>{t('edit')}</TextLink>}
    >
      <Facts facts={facts} />
    </Card>
  )
}
