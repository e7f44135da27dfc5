/** Groups what belongs to hosts by host, in the order in which hosts come up. */
export function byHost<R extends { hostId: string }>(list: readonly R[]): Map<string, R[]> {
  const hosts = new Map<string, R[]>()
  for (const row of list) {
    const known = hosts.get(row.hostId)
    if (known === undefined) hosts.set(row.hostId, [row])
    else known.push(row)
  }
  return hosts
}
