import { getTranslations } from 'next-intl/server'
import { readCluster } from '@/app/_components/read-cluster'
import { Card } from '@/app/_ui/card'
import { Facts } from '@/app/_ui/facts'
import { LinkButton } from '@/app/_ui/link-button'
import { TextLink } from '@/app/_ui/text-link'
import { paths } from '@/app/paths'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'
import { getPolicy } from '@/lib/db/cluster-policy'
import { PolicyForm } from './policy-form'
import { RealServersTable } from './real-servers-table'
import { ServicesTable } from './services-table'
import { SettingsForm } from './settings-form'

/** Everything that is desired of a cluster, and where each of it is changed. */
export default async function ClusterSettingsPage({ params }: { params: Promise<{ id: string }> }) {
  const { user } = await requireSession()
  const { desired, version } = await readCluster((await params).id)
  const t = await getTranslations('clusters')
  const mayChange = reaches(user.role, 'operator')
  const add = (href: string, label: string) =>
    mayChange && (
      <LinkButton href={href} size="sm" icon="add">
        {label}
      </LinkButton>
    )
  return (
    <div className="flex flex-col gap-6">
      <Card
        title={t('settings.services.title')}
        actions={add(paths.serviceNew(desired.id), t('addService'))}
        padded={false}
      >
        <ServicesTable cluster={desired} mayChange={mayChange} />
      </Card>
      <Card
        title={t('settings.realServers.title')}
        actions={
          desired.services.length > 0 && add(paths.realServerNew(desired.id), t('addRealServer'))
        }
        padded={false}
      >
        <RealServersTable cluster={desired} mayChange={mayChange} />
      </Card>
      <Card title={t('settings.director')}>
        <Facts
          facts={desired.directors.map(({ hostId, name, dip }) => ({
            label: <TextLink href={paths.host(hostId)}>{name}</TextLink>,
            value: `${t('settings.dip')} ${dip}`,
            mono: true,
          }))}
        />
      </Card>
      {mayChange && <SettingsForm target={{ clusterId: desired.id, version }} cluster={desired} />}
      {mayChange && <PolicyForm clusterId={desired.id} policy={await getPolicy(desired.id)} />}
    </div>
  )
}
