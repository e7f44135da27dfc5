const POLYNOMIAL = 0x04c11db7

const TABLE = Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24
  for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ POLYNOMIAL : sum << 1
  return sum >>> 0
})

const step = (sum: number, byte: number): number =>
  ((sum << 8) ^ (TABLE[((sum >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0

/**
 * Gives what `cksum <FILE` prints for a text: CRC and length in bytes, e.g. `4294967295 0` for an empty one (POSIX cksum).
 * It tells whether a file is still as it was read; it is no protection against somebody who wants to deceive.
 */
export function cksum(text: string): string {
  const bytes = new TextEncoder().encode(text)
  let sum = 0
  for (const byte of bytes) sum = step(sum, byte)
  for (let length = bytes.length; length > 0; length = Math.floor(length / 256))
    sum = step(sum, length & 0xff)
  return `${~sum >>> 0} ${bytes.length}`
}
