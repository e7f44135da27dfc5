import { useTranslations } from 'next-intl'
import type { Item } from '@/lib/lvs/ledger'
import { formatRealServerKey, formatServiceKey } from '@/lib/lvs/service'

function useName(): (item: Item) => string {
  const t = useTranslations('common.item')
  return (item) => {
    switch (item.kind) {
      case 'module':
      case 'unit':
        return t(item.kind, { name: item.name })
      case 'sysctl':
        return t('sysctl', { key: item.key })
      case 'link':
        return t('link', { device: item.device })
      case 'address':
        return t('address', { address: item.address, device: item.device })
      case 'service':
        return t('service', { service: formatServiceKey(item.service) })
      case 'entry':
        return t('entry', {
          realServer: formatRealServerKey(item.realServer),
          service: formatServiceKey(item.service),
        })
      case 'file':
        return t('file', { path: item.path })
      default:
        return item satisfies never
    }
  }
}

/** An item by its name for people; formatItem names it for machines, and sorts it. */
export function ItemName({ item }: { item: Item }) {
  return useName()(item)
}
