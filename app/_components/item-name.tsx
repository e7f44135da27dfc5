import { formatItem, type Item } from '@/lib/lvs/ledger'
import { useItemWords } from './said-values'

/** An item by its name for people; formatItem names it for machines, and sorts it. */
export function ItemName({ item }: { item: Item }) {
  return useItemWords()(formatItem(item))
}
