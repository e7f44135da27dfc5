import type { Address } from './address'
import type { RealServerKey } from './service'

const SPACE = 32
const DOT = 46
const ZERO = 48
const NINE = 57
const COLON = 58
const START = '  -> '

/** An entry row as it was found: `columns` is the reader's own list, overwritten by the next row. */
export type EntryRow = { key: RealServerKey; columns: readonly number[] }

//   -> 172.25.254.2:80                    14       96        0     6196        0
/**
 * Reads the entry rows of an `ipvsadm -Ln …` listing where they stand, without cutting them into words: a table has
 * tens of thousands. It knows the plain spelling alone (IPv4, spaces, numbers up to 2^53) and gives `undefined` for
 * all others, which are read word by word.
 */
export class EntryRows {
  private at = 0
  private failed = false
  private readonly columns: number[]
  // Tables name the same few real servers many times; a text of its own, so that no entry holds on to the whole listing
  private readonly addresses = new Map<number, Address>()

  constructor(
    private readonly text: string,
    private readonly length: number,
  ) {
    this.columns = Array.from({ length }, () => 0)
  }

  /** Reads the row from `start` to `end`; `undefined` when it is none, or not spelled plainly. */
  read(start: number, end: number): EntryRow | undefined {
    if (!this.text.startsWith(START, start)) return undefined
    this.at = start + START.length
    this.failed = false
    const rip = this.address()
    this.take(COLON)
    const port = this.decimal()
    for (let column = 0; column < this.length; column++) {
      this.take(SPACE)
      this.spaces()
      this.columns[column] = this.decimal()
    }
    this.spaces()
    if (this.failed || this.at !== end || port > 65535) return undefined
    return { key: { rip, port }, columns: this.columns }
  }

  private address(): Address {
    let value = this.octet()
    for (let more = 0; more < 3; more++) {
      this.take(DOT)
      value = value * 256 + this.octet()
    }
    const known = this.addresses.get(value)
    if (known !== undefined) return known
    const address = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.')
    if (!this.failed) this.addresses.set(value, address)
    return address
  }

  private octet(): number {
    const start = this.at
    const octet = this.decimal()
    // a leading zero is octal to some programs, so it is nothing to us (address.ts)
    if (octet > 255 || (this.at - start > 1 && this.text.charCodeAt(start) === ZERO))
      this.failed = true
    return octet
  }

  private decimal(): number {
    const start = this.at
    let value = 0
    let code = this.text.charCodeAt(start)
    while (code >= ZERO && code <= NINE) {
      value = value * 10 + code - ZERO
      this.at++
      code = this.text.charCodeAt(this.at)
    }
    if (this.at === start || value > Number.MAX_SAFE_INTEGER) this.failed = true
    return value
  }

  private take(code: number): void {
    if (this.text.charCodeAt(this.at) !== code) this.failed = true
    else this.at++
  }

  private spaces(): void {
    while (this.text.charCodeAt(this.at) === SPACE) this.at++
  }
}
