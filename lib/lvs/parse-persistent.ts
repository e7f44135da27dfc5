import { type Listed, parseListing } from './parse-listing'

/** `persistent`: templates of sticky clients, which bring clients back even to a quiesced entry. */
export type PersistentCounts = {
  weight: number
  persistent: number
  active: number
  inactive: number
}

// Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn
//   -> 172.25.254.3:80              1         1           0          8
/** Reads `ipvsadm -Ln --persistent-conn`: what a drain of a persistent service waits for. */
export function parsePersistent(text: string): Listed<object, PersistentCounts> {
  return parseListing(text, () => ({}), {
    length: 4,
    make: ([weight = 0, persistent = 0, active = 0, inactive = 0], key) => ({
      ...{ key, weight, persistent, active, inactive },
    }),
  })
}
