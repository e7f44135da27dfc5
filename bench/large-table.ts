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
