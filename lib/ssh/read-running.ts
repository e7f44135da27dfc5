import { TunboardError, Unreachable, Unreadable } from '@/lib/errors'
import { parseRunning } from '@/lib/lvs/parse-running'
import type { Running } from '@/lib/lvs/running'
import { readScript } from './batch'
import { closeHost, withConnection } from './client'
import { assembleSections, type Part } from './sections'
import type { Broken, WarmShell } from './shell'
import type { SshTarget } from './target'

/** A table of 100,000 entries is 8 MiB; a host that prints more than this is not telling its state. */
const SECTION_CAP = 16 * 1024 * 1024
/** The read takes 0.3 s on a slow host; one that needs longer than this hangs. */
const DEADLINE_MS = 20_000
/** The table can change between two reads of one exchange; three times in a row means that somebody else is at it. */
const TRIES = 3

/** Reads the sections of the lean read in one exchange with a warm shell. Throws Unreachable or Unreadable. */
export async function readSectionsIn(
  shell: WarmShell,
  host: string,
  sudo: boolean,
): Promise<Record<string, string> | Broken> {
  const parts = new Map<string, Part>()
  const broken = await shell.exchange({
    script: (nonce) => readScript(nonce, sudo),
    cap: SECTION_CAP,
    deadlineMs: DEADLINE_MS,
    onMark(stream, { words: [kind, name = '', exit], text, cut }) {
      if (kind !== 'E') return
      const part = parts.get(name) ?? { stdout: '', stderr: '', exit: Number(exit), cut: false }
      part[stream] = text
      part.cut ||= cut
      parts.set(name, part)
    },
  })
  return broken ?? assembleSections(parts, host)
}

/**
 * Reads what the kernel of a host says now, as text by section (parse-running.ts names them), in one exchange over the
 * warm shell. Changes nothing on the host and loads no module. A connection that broke while idle is made anew once.
 * Throws Unreachable, and Unreadable when a section is cut or an interface came or went meanwhile.
 */
export async function readSections(target: SshTarget): Promise<Record<string, string>> {
  for (let attempt = 1; ; attempt++) {
    const read = await withConnection(target, async (connection) =>
      readSectionsIn(await connection.shell(), target.name, target.become === 'sudo'),
    )
    if (typeof read === 'object') return read
    closeHost(target.hostId)
    if (read === 'deadline') throw new Unreachable('timeout', { host: target.name })
    // A read may be repeated; a batch of changes may not.
    if (attempt === 2) throw new Unreachable('closed', { host: target.name })
  }
}

/** The parser does not know whose output it reads. */
function withHost(error: unknown, host: string): unknown {
  if (!(error instanceof Unreadable)) return error
  return new Unreadable(error.reason, { ...error.values, host }, { cause: error })
}

function changedWhileRead(error: unknown): boolean {
  return error instanceof TunboardError && error.reason === 'unreadable.changed'
}

/**
 * Reads what the kernel of a host says now. Reads again when the table changed in the middle of a read.
 * Throws Unreachable, and Unreadable with the `host` among its values.
 */
export async function readRunning(target: SshTarget): Promise<Running> {
  for (let attempt = 1; ; attempt++) {
    try {
      return parseRunning(await readSections(target))
    } catch (error) {
      if (attempt < TRIES && changedWhileRead(error)) continue
      throw withHost(error, target.name)
    }
  }
}
