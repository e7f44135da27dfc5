import { notFound } from 'next/navigation'
import { readCluster } from '@/app/_components/read-cluster'
import { requireSession } from '@/app/session'
import { listHosts } from '@/lib/db/hosts'
import { EditServiceForm } from './edit-service-form'

/** The configuration of one virtual service. */
export default async function EditServicePage({
  params,
}: {
  params: Promise<{ id: string; serviceId: string }>
}) {
  await requireSession('operator')
  const { id, serviceId } = await params
  const { desired, version } = await readCluster(id)
  const service = desired.services.find((candidate) => candidate.id === serviceId)
  if (service === undefined) notFound()
  const directorId = desired.directors[0]?.hostId
  const director = (await listHosts()).find((host) => host.id === directorId)
  return (
    <EditServiceForm
      target={{ clusterId: id, version, serviceId }}
      service={service}
      schedulers={director?.probed?.facts.schedulers}
    />
  )
}
