import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { readCluster } from '@/app/_components/read-cluster'
import { readDriftState } from '@/app/_components/read-drift'
import { readSavedState } from '@/app/_components/read-saved'
import { readUndoState } from '@/app/_components/read-undo'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'
import { ClusterHead } from './cluster-head'
import { ClusterTabs } from './cluster-tabs'

type Props = { params: Promise<{ id: string }> }

/** Names the cluster in the title of every page of it that has no title of its own. */
export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession()
  const { desired } = await readCluster((await params).id)
  return { title: { default: desired.name, template: '%s · Tunboard' } }
}

/** The frame of one cluster: what it is, whether it is well, its pages. */
export default async function ClusterLayout({ children, params }: Props & { children: ReactNode }) {
  const { user } = await requireSession()
  const cluster = await readCluster((await params).id)
  return (
    <>
      <ClusterHead
        cluster={cluster}
        drift={await readDriftState(cluster.desired.id)}
        undo={await readUndoState(cluster.desired.id)}
        saved={await readSavedState(cluster.desired.id)}
        mayChange={reaches(user.role, 'operator')}
      />
      <ClusterTabs cluster={cluster} />
      {children}
    </>
  )
}
