import { TunboardError, Unreachable, Unreadable } from '@/lib/errors'
import { parseRunning } from '@/lib/lvs/parse-running'
import { parseSaved, type SavedSections } from '@/lib/lvs/parse-saved'
import type { Running } from '@/lib/lvs/running'
import { readScript } from './batch'
import { closeHost, withConnection } from './client'
import { assembleSaved } from './saved-sections'
import { assembleSections, type Part } from './sections'
import type { Broken, WarmShell } from './shell'
import type { SshTarget } from './target'

/** A table of 100,000 entries is 8 MiB; a host that prints more than this is not telling its state. */
const SECTION_CAP = 16 * 1024 * 1024
/** The read takes 0.3 s on a slow host; one that needs longer than this hangs. */
const DEADLINE_MS = 20_000
/** The table can change between two reads of one exchange; three times in a row means that somebody else is at it. */
const TRIES = 3

type Parts = ReadonlyMap<string, Part>
type What = { sudo: boolean; saved: boolean }

async function readPartsIn(shell: WarmShell, { sudo, saved }: What): Promise<Parts | Broken> {
  const parts = new Map<string, Part>()
  const broken = await shell.exchange({
    script: (nonce) => readScript(nonce, sudo, saved),
    cap: SECTION_CAP,
    deadlineMs: DEADLINE_MS,
    onMark(stream, { words: [kind, name = '', exit], text, raw, cut }) {
      if (kind !== 'E') return
      const blank = { stdout: '', stderr: '', raw: '', exit: Number(exit), cut: false }
      const part = parts.get(name) ?? blank
      part[stream] = text
      if (stream === 'stdout') part.raw = raw
      part.cut ||= cut
      parts.set(name, part)
    },
  })
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
async function readParts(target: SshTarget, saved: boolean): Promise<Parts> {
  const what = { sudo: target.become === 'sudo', saved }
  for (let attempt = 1; ; attempt++) {
    const read = await withConnection(target, async (connection) =>
      readPartsIn(await connection.shell(), what),
    )
    if (typeof read === 'object') return read
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
  return assembleSections(await readParts(target, false), target.name)
}

/** The parser does not know whose output it reads. */
function withHost(error: unknown, host: string): unknown {
  if (!(error instanceof Unreadable)) return error
  return new Unreadable(error.reason, { ...error.values, host }, { cause: error })
}

function changedWhileRead(error: unknown): boolean {
  return error instanceof TunboardError && error.reason === 'unreadable.changed'
}

function parseParts(parts: Parts, host: string, withSaved: boolean): Running {
  const sections = assembleSections(parts, host)
  const running = parseRunning(sections)
  if (!withSaved) return running
  return { ...running, saved: parseSaved(assembleSaved(parts, sections.boot ?? '')) }
}

/**
 * Reads what the kernel of a host says now, and with `saved` what its files say, in the same exchange (the host pays one
 * more fork or two). Reads again when the table changed in the middle of a read.
 * Throws Unreachable, and Unreadable with the `host` among its values.
 */
export async function readRunning(
  target: SshTarget,
  { saved = false }: { saved?: boolean } = {},
): Promise<Running> {
  for (let attempt = 1; ; attempt++) {
    try {
      return parseParts(await readParts(target, saved), target.name, saved)
    } catch (error) {
      if (attempt < TRIES && changedWhileRead(error)) continue
      throw withHost(error, target.name)
    }
  }
}
