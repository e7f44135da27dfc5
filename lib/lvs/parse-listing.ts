import { EntryRows } from './entry-row'
import { parseEndpoint, parseListedService } from './parse-endpoint'
import { eachLine, isMeant, parseCount, wordsOf } from './parse-lines'
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

type ReadService<Service> = (words: readonly string[]) => Service | undefined

/** What an entry's row has after its key: so many whole numbers, and what they are made into. */
type EntryColumns<Entry> = {
  length: number
  make: (columns: readonly number[], key: RealServerKey) => Entry & { key: RealServerKey }
}

function readServiceRow<Service extends object>(
  words: readonly string[],
  read: ReadService<Service>,
) {
  const found = parseListedService(words)
  const service = found && read(found.rest)
  return found && service && { ...service, key: found.key }
}

function readEntryWords<Entry>(words: readonly string[], { length, make }: EntryColumns<Entry>) {
  const endpoint = parseEndpoint(words[1] ?? '')
  const columns = parseColumns(words.slice(2), length)
  if (endpoint?.port === undefined || columns === undefined) return undefined
  return make(columns, { rip: endpoint.address, port: endpoint.port })
}

// TCP  172.25.254.100:80 rr
//   -> 172.25.254.2:80              0          0          0          14
/**
 * Walks over a listing of `ipvsadm -Ln --stats|--thresholds|--persistent-conn`. The columns differ: `readService` reads
 * the words after a service's key and gives `undefined` for words that it does not understand; entries have numbers.
 */
export function parseListing<Service extends object, Entry extends object>(
  text: string,
  readService: ReadService<Service>,
  entryColumns: EntryColumns<Entry>,
): Listed<Service, Entry> {
  const listed: Listed<Service, Entry> = { services: [], unreadable: [] }
  const rows = new EntryRows(text, entryColumns.length)
  let current: Listed<Service, Entry>['services'][number] | undefined
  const take = (line: string): boolean => {
    const words = wordsOf(line)
    if (words[0] === '->') {
      const entry = readEntryWords(words, entryColumns)
      return current !== undefined && entry !== undefined && current.entries.push(entry) > 0
    }
    const service = readServiceRow(words, readService)
    current = service && { ...service, entries: [] }
    return current !== undefined && listed.services.push(current) > 0
  }
  eachLine(text, (start, end) => {
    const row = current && rows.read(start, end)
    if (current !== undefined && row !== undefined) {
      current.entries.push(entryColumns.make(row.columns, row.key))
      return
    }
    const line = text.slice(start, end)
    if (isMeant(line) && !isHeader(line) && !take(line)) listed.unreadable.push(line)
  })
  return listed
}
