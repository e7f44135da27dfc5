import type { ReactNode } from 'react'
import { readCluster } from '@/app/_components/read-cluster'
import { requireSession } from '@/app/session'
import { reaches } from '@/lib/auth/roles'
import { ClusterHead } from './cluster-head'
import { ClusterTabs } from './cluster-tabs'

/** The frame of one cluster: what it is, whether it is well, its pages. */
export default async function ClusterLayout({
  children,
  params,
}: {
  children: ReactNode
  params: Promise<{ id: string }>
}) {
  const { user } = await requireSession()
  const cluster = await readCluster((await params).id)
  return (
    <>
      <ClusterHead cluster={cluster} mayChange={reaches(user.role, 'operator')} />
      <ClusterTabs cluster={cluster} />
      {children}
    </>
  )
}
