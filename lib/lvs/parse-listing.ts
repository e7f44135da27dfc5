import { parseEndpoint, parseListedService } from './parse-endpoint'
import { linesOf, parseCount, wordsOf } from './parse-lines'
import type { RealServerKey, ServiceKey } from './service'

/** One service of an `ipvsadm -Ln …` listing, with the words that follow each key. */
export type Listed<Service, Entry> = {
  services: (Service & { key: ServiceKey; entries: (Entry & { key: RealServerKey })[] })[]
  /** Lines that we do not understand, verbatim; entries under an unreadable service are among them. */
  unreadable: string[]
}

/** Reads exactly `length` whole numbers of at most 64 bits; `undefined` when a word is none, e.g. `187073K`. */
export function parseColumns(words: readonly string[], length: number): number[] | undefined {
  if (words.length !== length) return undefined
  const numbers: number[] = []
  for (const word of words) {
    const number = parseCount(word, 2 ** 64)
    if (number === undefined) return undefined
    numbers.push(number)
  }
  return numbers
}

const HEADERS = ['IP Virtual Server version ', 'Prot LocalAddress:Port ', '  -> RemoteAddress:Port']
const isHeader = (line: string): boolean => HEADERS.some((header) => line.startsWith(header))

type Read<Row> = (words: readonly string[]) => Row | undefined

function readServiceRow<Service extends object>(words: readonly string[], read: Read<Service>) {
  const found = parseListedService(words)
  const service = found && read(found.rest)
  return found && service && { ...service, key: found.key }
}

function readEntryRow<Entry extends object>(words: readonly string[], read: Read<Entry>) {
  const endpoint = parseEndpoint(words[1] ?? '')
  const entry = read(words.slice(2))
  if (endpoint?.port === undefined || entry === undefined) return undefined
  return { ...entry, key: { rip: endpoint.address, port: endpoint.port } }
}

// TCP  172.25.254.100:80 rr
//   -> 172.25.254.2:80              0          0          0          14
/**
 * Walks over a listing of `ipvsadm -Ln --stats|--thresholds|--persistent-conn`. The columns differ, so the two
 * functions read the words after a key, and give `undefined` for words that they do not understand.
 */
export function parseListing<Service extends object, Entry extends object>(
  text: string,
  readService: Read<Service>,
  readEntry: Read<Entry>,
): Listed<Service, Entry> {
  const listed: Listed<Service, Entry> = { services: [], unreadable: [] }
  let current: Listed<Service, Entry>['services'][number] | undefined
  const take = (line: string): boolean => {
    const words = wordsOf(line)
    if (words[0] === '->') {
      const entry = readEntryRow(words, readEntry)
      return current !== undefined && entry !== undefined && current.entries.push(entry) > 0
    }
    const service = readServiceRow(words, readService)
    current = service && { ...service, entries: [] }
    return current !== undefined && listed.services.push(current) > 0
  }
  for (const line of linesOf(text)) if (!isHeader(line) && !take(line)) listed.unreadable.push(line)
  return listed
}
