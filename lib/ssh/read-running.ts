import { TunboardError, Unreachable, Unreadable } from '@/lib/errors'
import { parseRunning } from '@/lib/lvs/parse-running'
import { parseSaved, type SavedSections } from '@/lib/lvs/parse-saved'
import type { Running } from '@/lib/lvs/running'
import type { Fence } from './batch'
import { closeHost, withConnection } from './client'
import { assertHeld } from './fence'
import { workInShell } from './run-batch'
import { assembleSaved } from './saved-sections'
import { assembleSections, type Part } from './sections'
import type { Broken, WarmShell } from './shell'
import type { SshTarget } from './target'

/** The table can change between two reads of one exchange; three times in a row means that somebody else is at it. */
const TRIES = 3

type Parts = ReadonlyMap<string, Part>
type What = { sudo: boolean; saved: boolean; fence?: Fence; give?: boolean }

async function readPartsIn(
  shell: WarmShell,
  { sudo, saved, fence, give = false }: What,
): Promise<Parts | Broken> {
  const take = fence === undefined ? {} : { fence: { ...fence, do: 'take' } as const }
  const { broken, parts } = await workInShell(shell, { ...take, read: { saved }, give }, { sudo })
  return broken ?? parts
}

/** Reads the sections of the lean read in one exchange with a warm shell. Throws Unreachable or Unreadable. */
export async function readSectionsIn(
  shell: WarmShell,
  host: string,
  sudo: boolean,
): Promise<Record<string, string> | Broken> {
  const parts = await readPartsIn(shell, { sudo, saved: false })
  return typeof parts === 'string' ? parts : assembleSections(parts, host)
}

/** Reads what a reboot would read, as sections (parse-saved.ts names them), in one exchange with a warm shell. */
export async function readSavedIn(
  shell: WarmShell,
  host: string,
  sudo: boolean,
): Promise<SavedSections | Broken> {
  const parts = await readPartsIn(shell, { sudo, saved: true })
  if (typeof parts === 'string') return parts
  return assembleSaved(parts, assembleSections(parts, host).boot ?? '')
}

/** A connection that broke while idle is made anew once. */
async function readParts(target: SshTarget, options: ReadOptions): Promise<Parts> {
  const what = { saved: false, ...options, sudo: target.become === 'sudo' }
  for (let attempt = 1; ; attempt++) {
    const read = await withConnection(target, async (connection) =>
      readPartsIn(await connection.shell(), what),
    )
    if (typeof read === 'object') {
      assertHeld(read, target.name, 'fence-held')
      return read
    }
    closeHost(target.hostId)
    if (read === 'deadline') throw new Unreachable('timeout', { host: target.name })
    // A read may be repeated; a batch of changes may not.
    if (attempt === 2) throw new Unreachable('closed', { host: target.name })
  }
}

/**
 * Reads what the kernel of a host says now, as text by section (parse-running.ts names them), in one exchange over the
 * warm shell. Changes nothing on the host and loads no module. A connection that broke while idle is made anew once.
 * Throws Unreachable, and Unreadable when a section is cut or an interface came or went meanwhile.
 */
export async function readSections(target: SshTarget): Promise<Record<string, string>> {
  return assembleSections(await readParts(target, {}), target.name)
}

/** The parser does not know whose output it reads. */
function withHost(error: unknown, host: string): unknown {
  if (!(error instanceof Unreadable)) return error
  return new Unreadable(error.reason, { ...error.values, host }, { cause: error })
}

function changedWhileRead(error: unknown): boolean {
  return error instanceof TunboardError && error.reason === 'unreadable.changed'
}

/** Makes a running state out of the parts of the lean read. Throws Unreadable. */
export function parseParts(parts: Parts, host: string, withSaved: boolean): Running {
  const sections = assembleSections(parts, host)
  const running = parseRunning(sections)
  if (!withSaved) return running
  return { ...running, saved: parseSaved(assembleSaved(parts, sections.boot ?? '')) }
}

/** `saved`: what its files say too. `fence`: held from before the reading on. `give`: given back after it. */
export type ReadOptions = { saved?: boolean; fence?: Fence; give?: boolean }

/**
 * Reads what the kernel of a host says now, and with `saved` what its files say, in the same exchange (the host pays one
 * more fork or two). Reads again when the table changed in the middle of a read.
 * Throws Unreachable, Unreadable with the `host` among its values, and Conflict('fence-held') where somebody else holds
 * the fence that was asked for; nothing was changed then.
 */
export async function readRunning(target: SshTarget, options: ReadOptions = {}): Promise<Running> {
  const { saved = false } = options
  for (let attempt = 1; ; attempt++) {
    try {
      // what was taken is held while the reading is repeated, what was given is given
      const what = attempt === 1 ? options : { saved }
      return parseParts(await readParts(target, what), target.name, saved)
    } catch (error) {
      if (attempt < TRIES && changedWhileRead(error)) continue
      throw withHost(error, target.name)
    }
  }
}
