import type { SearchParams } from '@/app/search-params'
import { type Included, parseIncluded } from './included'

/** Reads which foreign services are ticked on the plan of an address. */
export async function readIncluded(search: SearchParams): Promise<Included[]> {
  const { include = [] } = await search
  return parseIncluded(typeof include === 'string' ? [include] : include)
}
