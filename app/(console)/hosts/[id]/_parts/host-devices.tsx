import { useTranslations } from 'next-intl'
import { Card } from '@/app/_ui/card'
import { State } from '@/app/_ui/state'
import { Table } from '@/app/_ui/table'
import type { Cell, Column } from '@/app/_ui/table-rows'
import type { HostFacts } from '@/lib/lvs/host-facts'
import type { Device } from '@/lib/lvs/running'

const NUMBERS = ['rpFilter', 'arpIgnore', 'arpAnnounce'] as const

function useDeviceCells(): (device: Device) => Record<string, Cell> {
  const t = useTranslations('hosts.page')
  const kindOf = ({ loopback, kind }: Device) =>
    loopback ? t('loopback') : (kind ?? t('physical'))
  return (device) => ({
    device: { sort: device.name, node: <span className="font-mono text-sm">{device.name}</span> },
    kind: { sort: kindOf(device), node: <span className="text-muted">{kindOf(device)}</span> },
    link: {
      sort: device.up ? 0 : 1,
      node: (
        <State tone="neutral" icon={device.up ? 'arrow-up' : 'arrow-down'} quiet>
          {device.up ? t('up') : t('down')}
        </State>
      ),
    },
    addresses: {
      sort: device.addresses.map((it) => it.address).join(' ') || undefined,
      node: (
        <span className="flex flex-wrap gap-x-3 font-mono text-sm">
          {device.addresses.map(({ address, prefixLength }) => (
            <span key={address}>
              {address}
              <span className="text-muted">/{prefixLength}</span>
            </span>
          ))}
        </span>
      ),
    },
  })
}

/** Devices with their addresses and the kernel parameters that count for packets which arrive there. */
export function HostDevices({ devices, effective }: Pick<HostFacts, 'devices' | 'effective'>) {
  const t = useTranslations('hosts.page')
  const cells = useDeviceCells()
  const columns: Column[] = [
    ...(['device', 'kind', 'link', 'addresses'] as const).map((id) => ({
      id,
      label: t(id),
      sortable: true,
    })),
    ...NUMBERS.map((id) => ({ id, label: t(id), align: 'end' as const, sortable: true })),
  ]
  const numbers = (device: Device) => {
    const found = effective.find((it) => it.device === device.name)
    return Object.fromEntries(
      NUMBERS.map((id) => [
        id,
        {
          sort: found?.[id],
          node: <span className="font-mono text-sm">{found?.[id] ?? '–'}</span>,
        },
      ]),
    )
  }
  return (
    <Card id="interfaces" title={t('interfaces')} note={t('sysctlNote')} padded={false}>
      <Table
        caption={t('interfaces')}
        columns={columns}
        rows={devices.map((device) => ({
          id: device.name,
          cells: { ...cells(device), ...numbers(device) },
        }))}
        sortParam="devices"
      />
    </Card>
  )
}
