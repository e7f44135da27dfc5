import { type Listed, parseListing } from './parse-listing'

export type Thresholds = { upper: number; lower: number; active: number; inactive: number }

// Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn
//   -> 172.25.254.2:80              100        80         0          8
/** Reads `ipvsadm -Ln --thresholds`: connections at which an entry is overloaded, and free again; 0 = none. */
export function parseThresholds(text: string): Listed<object, Thresholds> {
  return parseListing(text, () => ({}), {
    length: 4,
    make: ([upper = 0, lower = 0, active = 0, inactive = 0], key) => ({
      ...{ key, upper, lower, active, inactive },
    }),
  })
}
