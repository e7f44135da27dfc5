import { useTranslations } from 'next-intl'
import { Card } from '@/app/_ui/card'
import { type Fact, Facts } from '@/app/_ui/facts'
import { State } from '@/app/_ui/state'
import type { HostFacts } from '@/lib/lvs/host-facts'

function useUptime(): (seconds: number) => string {
  const t = useTranslations('hosts.page')
  return (seconds) => {
    if (seconds >= 86_400) return t('days', { count: Math.floor(seconds / 86_400) })
    if (seconds >= 3600) return t('hours', { count: Math.floor(seconds / 3600) })
    return t('minutes', { count: Math.floor(seconds / 60) })
  }
}

function Version({ version, isThere }: { version: string | undefined; isThere: boolean }) {
  const t = useTranslations('hosts.page')
  if (version !== undefined) return <span className="font-mono">{version}</span>
  if (isThere) return t('installed')
  return (
    <State tone="warn" quiet>
      {t('missing')}
    </State>
  )
}

/** System, kernel, tools and rights. */
export function HostSystem({ facts }: { facts: HostFacts }) {
  const t = useTranslations('hosts.page')
  const uptime = useUptime()
  const { versions, tools, distribution, kernel, architecture, privilege, user } = facts
  const rows: Fact[] = [
    { label: t('hostName'), value: facts.hostName, mono: true },
    { label: t('distribution'), value: distribution.name },
    { label: t('kernel'), value: `${kernel} ${architecture}`, mono: true },
    { label: t('init'), value: facts.init, mono: true },
    { label: t('uptime'), value: uptime(facts.uptimeSeconds) },
    { label: t('rights'), value: t(`privilege.${privilege}`, { user }) },
    {
      label: t('ipvsadm'),
      value: <Version version={versions.ipvsadm} isThere={tools.includes('ipvsadm')} />,
    },
    {
      label: t('iproute'),
      value: <Version version={versions.iproute} isThere={tools.includes('ip')} />,
    },
    { label: t('schedulers'), value: facts.schedulers.join(' '), mono: true },
  ]
  return (
    <Card id="what" title={t('what')}>
      <Facts facts={rows} />
    </Card>
  )
}
