import { linesOf, unreadableLine } from './parse-lines'
import { parseTimeouts } from './parse-timeouts'
import { FILES, MASK, type Saved, type SavedFile } from './saved'

/** What one read of a host's files gave; lib/ssh takes it apart. */
export type SavedSections = {
  /** Lines `init WORD`, `present PATH`, `link PATH TARGET`, `odd PATH`, `runs PATH`, `hidden PATH`, `masked PATH`. */
  places: string
  /** Texts of regular files by path, byte for byte; U+FFFD stands where bytes are no UTF-8. */
  texts: Readonly<Record<string, string>>
  /** Why a regular file was not read, by path. */
  refused: Readonly<Record<string, string>>
  /** `ipvsadm -L --timeout`; empty where ip_vs is absent or may not be read. */
  timeouts: string
}

type Places = {
  init: Saved['init']
  present: string[]
  links: Map<string, string>
  odd: Set<string>
  runs: Set<string>
  hidden: Set<string>
  masked: string[]
}

const INITS = ['systemd', 'openrc', 'other'] as const

/** Puts one line where it belongs; false when it is none that we know. */
function takePlace(places: Places, word: string, rest: string): boolean {
  if (!rest.startsWith('/')) {
    const init = INITS.find((each) => each === rest)
    if (word !== 'init' || init === undefined) return false
    places.init = init
    return true
  }
  if (word === 'present') places.present.push(rest)
  else if (word === 'odd') places.odd.add(rest)
  else if (word === 'runs') places.runs.add(rest)
  else if (word === 'hidden') places.hidden.add(rest)
  else if (word === 'masked') places.masked.push(rest)
  else if (word === 'link') {
    const path = rest.split(' ', 1)[0] ?? ''
    places.links.set(path, rest.slice(path.length + 1))
  } else return false
  return true
}

// link /etc/rc.local rc.d/rc.local      present /etc/init.d/ipvsadm      init systemd
function parsePlaces(text: string): Places {
  const places: Places = {
    ...{ init: 'other', present: [], masked: [] },
    ...{ links: new Map(), odd: new Set(), runs: new Set(), hidden: new Set() },
  }
  for (const line of text.split('\n').slice(0, -1)) {
    const [word = ''] = line.split(' ', 1)
    if (!takePlace(places, word, line.slice(word.length + 1))) throw unreadableLine('places', line)
  }
  return places
}

/** Bytes that are no UTF-8, or a NUL: such a file could not be written back as it was. */
const isText = (text: string): boolean => !/[\0\uFFFD]/.test(text)

/** More of a host's excuse would fill a page. */
const WHY_SHOWN = 400

const shorten = (why: string): string => linesOf(why).join('\n').slice(0, WHY_SHOWN)

function fileAt(path: string, places: Places, sections: SavedSections): SavedFile | undefined {
  const target = places.links.get(path)
  if (target !== undefined) return { kind: 'link', target }
  if (places.odd.has(path)) return { kind: 'not-text' }
  if (places.hidden.has(path)) return { kind: 'unreadable', why: 'Permission denied' }
  const text = sections.texts[path]
  if (text !== undefined && !isText(text)) return { kind: 'not-text' }
  if (text !== undefined)
    return { kind: 'text', text, ...(places.runs.has(path) ? { executable: true } : {}) }
  const why = sections.refused[path]
  return why === undefined ? undefined : { kind: 'unreadable', why: shorten(why) }
}

const SYSCTL_FILE = /^\/(?:etc|run|lib|usr\/lib|usr\/local\/lib)\/sysctl\.d\/[^/]+\.conf$/
const isSysctlFile = (path: string) => path === '/etc/sysctl.conf' || SYSCTL_FILE.test(path)

// net.ipv4.conf.all.rp_filter = 1      -net/ipv4/conf/*/rp_filter=2      -net.ipv4.conf.all.rp_filter
const ON_IPV4 = /^\s*-?\s*net[./]ipv4[./]/

const ipv4Lines = (text: string): string[] => linesOf(text).filter((line) => ON_IPV4.test(line))

/** A link to /dev/null has no lines, and yet it takes the place of another file of its name (sysctl.d(5)). */
function sysctlFiles({ texts, refused }: SavedSections, masked: readonly string[]) {
  const read = Object.entries(texts).map(([path, text]) => ({ path, lines: ipv4Lines(text) }))
  const others = Object.entries(refused).map(([path, why]) => ({
    ...{ path, lines: [] },
    unreadable: shorten(why),
  }))
  const empty = masked.map((path) => ({ path, lines: [] }))
  return [...read, ...others, ...empty]
    .filter(({ path }) => isSysctlFile(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Takes off quotes and the backslashes within, as os-release(5) writes values. */
function unquote(value: string): string {
  const quote = value[0]
  if (quote === "'") return value.slice(1, -1)
  return quote === '"' ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
}

// ID=debian      VERSION_ID="12"      ID_LIKE="rhel centos fedora"
function parseOsRelease(text: string): Saved['distribution'] {
  const found = new Map<string, string>()
  for (const line of linesOf(text)) {
    const [, key, value] = /^\s*([A-Z0-9_]+)=(.*?)\s*$/.exec(line) ?? []
    if (key !== undefined && value !== undefined) found.set(key, unquote(value))
  }
  const id = found.get('ID') ?? 'linux'
  return {
    id,
    like: (found.get('ID_LIKE') ?? '').split(' ').filter((word) => word !== ''),
    version: found.get('VERSION_ID') ?? '',
    name: found.get('PRETTY_NAME') ?? found.get('NAME') ?? id,
  }
}

function timeoutsOf(text: string): Pick<Saved, 'timeouts'> {
  if (text === '') return {}
  const { tcp, tcpFin, udp } = parseTimeouts(text)
  return { timeouts: { tcp, tcpfin: tcpFin, udp } }
}

/**
 * Reads what a host's files say into what a reboot would read. Throws Unreadable (values `what`, `line`) for a line that is
 * none of ours; the caller adds `host`.
 */
export function parseSaved(sections: SavedSections): Saved {
  const places = parsePlaces(sections.places)
  const files = FILES.flatMap((path) => {
    const file = fileAt(path, places, sections)
    return file === undefined ? [] : [[path, file] as const]
  })
  const release = sections.texts['/etc/os-release'] ?? sections.texts['/usr/lib/os-release'] ?? ''
  return {
    distribution: parseOsRelease(release),
    init: places.init,
    files: Object.fromEntries(files),
    sysctlFiles: sysctlFiles(sections, places.masked),
    present: places.present,
    ...(places.masked.includes(MASK) ? { masked: true as const } : {}),
    ...timeoutsOf(sections.timeouts),
  }
}
