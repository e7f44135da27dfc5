import { realServerOptions, serviceOptions } from '@/lib/lvs/commands'
import { formatItem, type Item, type LedgerRow } from '@/lib/lvs/ledger'
import type { Running } from '@/lib/lvs/running'
import { formatRealServerKey, serviceArguments } from '@/lib/lvs/service'

/** One line of a director's table, and whether Tunboard put it there. */
export type TableLine = { text: string; isOurs: boolean }

type Table = Extract<Running['ipvs'], { state: 'present' }>

/** Writes a table as `ipvsadm -Sn` does, each line marked by the ledger; lines that nobody can read stand last, verbatim. */
export function tableLines(
  { services, unreadable }: Table,
  ledger: readonly LedgerRow[],
): TableLine[] {
  const ours = new Set(ledger.map(({ item }) => formatItem(item)))
  const isOurs = (item: Item) => ours.has(formatItem(item))
  const known = services.flatMap(({ key: service, config, realServers }): TableLine[] => {
    const target = serviceArguments(service)
    return [
      {
        text: ['-A', ...target, ...serviceOptions(config)].join(' '),
        isOurs: isOurs({ kind: 'service', service }),
      },
      ...realServers.map(({ key: realServer, config: options }) => ({
        text: [
          ...['-a', ...target, '-r', formatRealServerKey(realServer)],
          ...realServerOptions(options),
        ].join(' '),
        isOurs: isOurs({ kind: 'entry', service, realServer }),
      })),
    ]
  })
  return [...known, ...unreadable.map((text) => ({ text, isOurs: false }))]
}
