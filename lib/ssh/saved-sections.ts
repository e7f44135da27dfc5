import { Unreadable } from '@/lib/errors'
import type { SavedSections } from '@/lib/lvs/parse-saved'
import { FILE_CAP } from './prelude-saved'
import type { Part } from './sections'

type Taken = Pick<SavedSections, 'texts' | 'refused'>

/** Refuses the files of a head that failed all together: an empty text would be taken for an empty file. */
const refuse = (paths: readonly string[], why: string): Taken => ({
  texts: {},
  refused: Object.fromEntries(paths.map((path) => [path, why])),
})

/** Takes apart what one head printed: the texts of files, the boot id after each. */
function takeTexts(part: Part | undefined, paths: readonly string[], boot: string): Taken {
  if (part === undefined) return refuse(paths, 'not read')
  if (part.exit !== 0) return refuse(paths, part.stderr || `exit ${part.exit}`)
  const texts = part.raw.split(boot)
  if (boot === '' || part.cut || texts.length !== paths.length + 1 || texts.at(-1) !== '')
    throw new Unreadable('unreadable.cut', { what: 'files' })
  const pairs = paths.map((path, at) => [path, texts[at] ?? ''] as const)
  const isWhole = ([, text]: readonly [string, string]) => Buffer.byteLength(text) < FILE_CAP
  return {
    texts: Object.fromEntries(pairs.filter(isWhole)),
    refused: Object.fromEntries(
      pairs.filter((pair) => !isWhole(pair)).map(([path]) => [path, `over ${FILE_CAP} bytes`]),
    ),
  }
}

/**
 * Puts the parts of the saved read together as the sections that parse-saved.ts reads; `boot` is the boot id with its line
 * feed. Throws Unreadable `unreadable.cut` when a part is missing or not whole.
 */
export function assembleSaved(parts: ReadonlyMap<string, Part>, boot: string): SavedSections {
  const places = parts.get('places')
  if (places === undefined || places.cut) throw new Unreadable('unreadable.cut', { what: 'places' })
  const lines = places.raw.split(/(?<=\n)/)
  const after = (word: string) =>
    lines.filter((line) => line.startsWith(word)).map((line) => line.slice(word.length, -1))
  const plain = takeTexts(parts.get('texts-plain'), after('plain '), boot)
  const sudo = takeTexts(parts.get('texts-sudo'), after('sudo '), boot)
  const timeouts = parts.get('timeouts')
  return {
    places: lines.filter((line) => !/^(?:plain|sudo) /.test(line)).join(''),
    texts: { ...plain.texts, ...sudo.texts },
    refused: { ...plain.refused, ...sudo.refused },
    timeouts: timeouts?.exit === 0 ? timeouts.stdout : '',
  }
}
