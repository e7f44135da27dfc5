import { isIPv4, isIPv6 } from 'node:net'

/** Reads an address as inet_pton(3) does and writes it as inet_ntop(3): lower case, longest zero run as `::`. */
export function canonical(text: string): { family: 4 | 6; address: string } | undefined {
  if (isIPv4(text)) return { family: 4, address: text }
  if (!isIPv6(text) || text.includes('%')) return undefined
  return { family: 6, address: new URL(`http://[${text}]/`).hostname.slice(1, -1) }
}

/** Writes all eight groups with leading zeros, as the kernel's `%pI6` does. */
export function expanded(address: string): string {
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array<string>(8 - left.length - right.length).fill('0')
  return [...left, ...zeros, ...right].map((group) => group.padStart(4, '0')).join(':')
}

/** Writes an IPv4 address as eight hexadecimal digits, as /proc/net/ip_vs does. */
export function hex32(address: string): string {
  return address
    .split('.')
    .map((octet) => Number(octet).toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()
}

/** Writes a number as hexadecimal digits of a given width. */
export function hex(value: number, width: number): string {
  return value.toString(16).toUpperCase().padStart(width, '0')
}

/** Writes `1.2.3.4:80` or `[fd00::1]:80`. */
export function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** The four 32-bit words of an address as the kernel holds it; an IPv4 one has only the first. */
export function words32(address: string): number[] {
  const text = address.includes(':') ? expanded(address).replaceAll(':', '') : hex32(address)
  return [0, 8, 16, 24].map((at) => Number.parseInt(text.slice(at, at + 8) || '0', 16))
}
