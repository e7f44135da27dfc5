import { useTranslations } from 'next-intl'
import { Card } from '@/app/_ui/card'
import { Chip } from '@/app/_ui/chip'
import { LinkButton } from '@/app/_ui/link-button'
import type { HostFacts } from '@/lib/lvs/host-facts'

type Ipvs = HostFacts['ipvs']

function Services({ services }: { services: Extract<Ipvs, { state: 'present' }>['services'] }) {
  const t = useTranslations('hosts.page')
  return (
    <ul className="divide-y">
      {services.map(({ name, scheduler, realServers }) => (
        <li
          key={name}
          className="row-height flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5"
        >
          <span className="break-words font-mono text-sm">{name}</span>
          <Chip mono>{scheduler}</Chip>
          <span className="ml-auto text-muted text-sm">
            {t('realServers', { count: realServers })}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** What the kernel's table holds, whoever put it there. */
export function HostTable({ ipvs, adoptHref }: { ipvs: Ipvs; adoptHref?: string | undefined }) {
  const t = useTranslations('hosts.page')
  const note = () => {
    if (ipvs.state === 'absent') return t('tableAbsent')
    if (ipvs.denied !== undefined) return t('tableDenied', { why: ipvs.denied })
    return ipvs.services.length === 0 ? t('tableEmpty') : undefined
  }
  const words = note()
  return (
    <Card
      id="table"
      title={t('table')}
      padded={false}
      actions={
        adoptHref !== undefined &&
        words === undefined && (
          <LinkButton href={adoptHref} size="sm">
            {t('adopt')}
          </LinkButton>
        )
      }
    >
      {words !== undefined && <p className="px-4 py-3 text-muted text-sm">{words}</p>}
      {ipvs.state === 'present' && ipvs.services.length > 0 && (
        <Services services={ipvs.services} />
      )}
    </Card>
  )
}
