/** The five hosts of the lab: a director, three real servers and a client on one network. */
export type NodeName = 'director' | 'server2' | 'server3' | 'server4' | 'client'

/** Where a node is reached: SSH on 127.0.0.1:port; `lan` is its address on the cluster's network. */
export type LabNode = { name: NodeName; port: number; lan: string }

/** `lan` is the last byte of the node's address, `offset` what is added to the base port. */
const places: Record<NodeName, { lan: number; offset: number }> = {
  director: { lan: 1, offset: 1 },
  server2: { lan: 2, offset: 2 },
  server3: { lan: 3, offset: 3 },
  server4: { lan: 4, offset: 4 },
  client: { lan: 250, offset: 50 },
}

export const allNodes: readonly NodeName[] = ['director', 'server2', 'server3', 'server4', 'client']

/** Narrows a word from a command line to the name of a node. */
export function isNodeName(word: string): word is NodeName {
  return Object.hasOwn(places, word)
}

/** Gives a node its port above `base`. */
export function nodeAt(name: NodeName, base: number): LabNode {
  const place = places[name]
  return { name, port: base + place.offset, lan: `172.25.254.${place.lan}` }
}

/** Derives the hardware address from the address on the network, so that it is the same after each boot. */
export function hardwareAddress(node: LabNode): string {
  const last = lastByte(node).toString(16).padStart(2, '0')
  return `02:54:fe:00:00:${last}`
}

export function lastByte(node: LabNode): number {
  return places[node.name].lan
}
