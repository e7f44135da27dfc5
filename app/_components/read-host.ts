import { notFound } from 'next/navigation'
import { type HostView, readHosts } from './read-hosts'

/** Reads one host for a page; one that is not there leads to the page that says so. */
export async function readHost(id: string): Promise<HostView> {
  const view = (await readHosts()).find(({ host }) => host.id === id)
  return view ?? notFound()
}
