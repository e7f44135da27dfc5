import { notFound } from 'next/navigation'
import { cache } from 'react'
import { getCluster, type StoredCluster } from '@/lib/db/clusters'
import { NotFound } from '@/lib/errors'

/** Reads a cluster for a page, once per request; one that never was leads to the page that says so. */
export const readCluster = cache(async (id: string): Promise<StoredCluster> => {
  try {
    return await getCluster(id)
  } catch (error) {
    if (error instanceof NotFound) notFound()
    throw error
  }
})
