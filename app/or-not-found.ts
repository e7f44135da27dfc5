import { notFound } from 'next/navigation'
import { NotFound } from '@/lib/errors'

/** Waits for a read; what does not exist is Next's "not found" page, everything else goes on as it is. */
export async function orNotFound<Value>(read: Promise<Value>): Promise<Value> {
  try {
    return await read
  } catch (error) {
    if (error instanceof NotFound) notFound()
    throw error
  }
}
