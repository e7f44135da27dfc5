import { notFound } from 'next/navigation'
import { readCluster } from '@/app/_components/read-cluster'
import { requireSession } from '@/app/session'
import { EditRealServerForm } from './edit-real-server-form'

/** One real server behind one virtual service. */
export default async function EditRealServerPage({
  params,
}: {
  params: Promise<{ id: string; realServerId: string }>
}) {
  await requireSession('operator')
  const { id, realServerId } = await params
  const { desired, version } = await readCluster(id)
  for (const service of desired.services) {
    const realServer = service.realServers.find((candidate) => candidate.id === realServerId)
    if (realServer === undefined) continue
    return (
      <EditRealServerForm
        target={{ clusterId: id, version, realServerIds: realServerId }}
        realServer={realServer}
        service={service.key}
      />
    )
  }
  notFound()
}
