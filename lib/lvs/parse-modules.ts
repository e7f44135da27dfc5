import { linesOf, unreadableLine, wordsOf } from './parse-lines'

/** Modules that carry IPVS, its schedulers and every tunnel that its entries can use. */
const MATTERS =
  /^(ip_vs|ip_vs_.+|ipip|ip_tunnel|tunnel4|tunnel6|ip6_tunnel|ip_gre|gre|sit|fou|fou6|nf_conntrack)$/

/** Tells whether a module matters here. */
export function isOurModule(name: string): boolean {
  return MATTERS.test(name)
}

// ip_vs_rr 16384 3 - Live 0x0000000000000000
// missing ip_vs_twos
/**
 * Reads /proc/modules, followed by lines `missing NAME` for modules that this kernel cannot have.
 * Throws Unreadable (what `modules`).
 */
export function parseModules(text: string): { loaded: string[]; missing: string[] } {
  const [loaded, missing]: [string[], string[]] = [[], []]
  for (const line of linesOf(text)) {
    const words = wordsOf(line)
    const [name = '', size = ''] = words
    if (words.length === 2 && name === 'missing') missing.push(size)
    else if (words.length < 6 || !/^\d+$/.test(size)) throw unreadableLine('modules', line)
    else if (isOurModule(name)) loaded.push(name)
  }
  return { loaded, missing }
}
