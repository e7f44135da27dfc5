import type { RunningService } from '@/lib/lvs/running'
import type { ServiceKey } from '@/lib/lvs/service'

// A table as a director prints it, for the bench alone: the parsers must read what nobody made from them.

const hex = (value: number, digits: number) =>
  value.toString(16).toUpperCase().padStart(digits, '0')
const hexEndpoint = (address: string, port: number): string =>
  `${address
    .split('.')
    .map((octet) => hex(Number(octet), 2))
    .join('')}:${hex(port, 4)}`

const endpointOf = (key: ServiceKey): { vip: string; port: number } => {
  if (key.kind !== 'address') throw new Error('the large table has no firewall marks')
  return key
}

/** Prints a table of tcp services with ipip tunnels as the sections `table`, `rules` and `thresholds` of a lean read. */
export function printTable(services: readonly RunningService[]) {
  const table = [
    'IP Virtual Server version 1.2.1 (size=4096)',
    'Prot LocalAddress:Port Scheduler Flags',
  ]
  const rules: string[] = []
  const thresholds = ['IP Virtual Server version 1.2.1 (size=4096)']
  table.push('  -> RemoteAddress:Port Forward Weight ActiveConn InActConn')
  thresholds.push('Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn')
  thresholds.push('  -> RemoteAddress:Port')
  for (const { key, config, realServers } of services) {
    const { vip, port } = endpointOf(key)
    table.push(`TCP  ${hexEndpoint(vip, port)} ${config.scheduler}`)
    rules.push(`-A -t ${vip}:${port} -s ${config.scheduler}`)
    thresholds.push(`TCP  ${vip}:${port} ${config.scheduler}`)
    for (const { key: entry, config: own, active = 0, inactive = 0 } of realServers) {
      const { weight } = own
      const row = `  -> ${hexEndpoint(entry.rip, entry.port)}      Tunnel  ${weight}      ${active}          ${inactive}`
      table.push(row)
      rules.push(
        `-a -t ${vip}:${port} -r ${entry.rip}:${entry.port} -i -w ${weight} --tun-type ipip`,
      )
      thresholds.push(
        `  -> ${entry.rip}:${entry.port}              0          0          ${active}          ${inactive}`,
      )
    }
  }
  const text = (lines: readonly string[]) => `${lines.join('\n')}\n`
  return { table: text(table), rules: text(rules), thresholds: text(thresholds) }
}

/** Prints a table as `ipvsadm -Ln --stats --exact` does, with totals made from the counts of each entry. */
export function printStats(services: readonly RunningService[]): string {
  const row = (name: string, connections: number) =>
    [name, connections, connections * 7, 0, connections * 423, 0].map((word) => String(word))
  const text = (words: readonly string[]) =>
    words.map((word, at) => (at === 0 ? word.padEnd(32) : ` ${word.padStart(8)}`)).join('')
  const lines = services.flatMap(({ key, realServers }) => {
    const { vip, port } = endpointOf(key)
    const counts = realServers.map(({ active = 0, inactive = 0 }) => 1000 * active + inactive)
    return [
      row(
        `TCP  ${vip}:${port}`,
        counts.reduce((a, b) => a + b, 0),
      ),
      ...realServers.map((entry, at) =>
        row(`  -> ${entry.key.rip}:${entry.key.port}`, counts[at] ?? 0),
      ),
    ]
  })
  const header = [
    'IP Virtual Server version 1.2.1 (size=4096)',
    'Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes',
    '  -> RemoteAddress:Port',
  ]
  return `${[...header, ...lines.map(text)].join('\n')}\n`
}
