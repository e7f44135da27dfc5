import { readCluster } from '@/app/_components/read-cluster'
import { requireSession } from '@/app/session'
import { vipsOf } from '@/lib/lvs/cluster'
import { readKnownAddresses } from '@/lib/ops/check-address'
import { hostChoices } from '../../../_form/host-choice'
import { NewServiceForm } from './new-service-form'

/** One more virtual service of a cluster, with the real servers that stand behind it. */
export default async function NewServicePage({ params }: { params: Promise<{ id: string }> }) {
  await requireSession('operator')
  const { desired, version } = await readCluster((await params).id)
  const { hosts, choices } = await readKnownAddresses()
  return (
    <NewServiceForm
      target={{ clusterId: desired.id, version }}
      directorId={desired.directors[0]?.hostId}
      vips={[...new Set(desired.services.flatMap(vipsOf))]}
      hosts={hostChoices(hosts, choices)}
    />
  )
}
