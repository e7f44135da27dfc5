import { useTranslations } from 'next-intl'
import type { HostService } from '@/app/_components/read-hosts'
import { Card } from '@/app/_ui/card'
import { Chip } from '@/app/_ui/chip'
import { TextLink } from '@/app/_ui/text-link'
import { paths } from '@/app/paths'

/** The clusters that the host serves, each with its role there. */
export function HostServes({ serves }: { serves: readonly HostService[] }) {
  const t = useTranslations('hosts')
  return (
    <Card id="serves" title={t('page.serves')} padded={false}>
      {serves.length === 0 ? (
        <p className="p-4 text-muted text-sm">{t('page.servesNone')}</p>
      ) : (
        <ul className="divide-y">
          {serves.map(({ id, name, role }) => (
            <li key={id} className="row-height flex items-center justify-between gap-4 px-4">
              <TextLink href={paths.cluster(id)} strong>
                {name}
              </TextLink>
              <Chip>{t(`role.${role}`)}</Chip>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
