import { type Command, DEFAULT_TIMEOUT_SECONDS, type Work, workScript } from './batch'
import type { Mark } from './frames'
import type { Part } from './sections'
import type { Broken, WarmShell } from './shell'

/** What became of one command. */
export type CommandResult = {
  argv: readonly string[]
  /** Its exit status; absent when it never ran, or nobody knows. 124 (busybox: 143) = stopped at its time limit. */
  exit: number | undefined
  /** `skipped`: an earlier one failed. `unknown`: the connection was lost while it may have run. */
  outcome: 'ran' | 'skipped' | 'unknown'
  stdout: string
  stderr: string
  /** Milliseconds between the arrival of its begin and of its end. */
  ms: number
}

/** More would fill the journal with one command's output; less would cut a table that an operator wants to see. */
const OUTPUT_CAP = 64 * 1024

/** On top of the commands' own limits: more makes an operator wait, less would give up on a slow network. */
const SLACK_MS = 15_000

/** A table of 100,000 entries is 8 MiB; a host that prints more than this is not telling its state. */
const SECTION_CAP = 16 * 1024 * 1024
/** The read takes 0.3 s on a slow host; one that needs longer than this hangs. */
const READ_MS = 20_000

const CUT = '\n[…]'

/** What one command printed, as much of it as is kept. */
const capped = ({ text, cut }: Mark): string =>
  cut || text.length > OUTPUT_CAP ? text.slice(0, OUTPUT_CAP) + CUT : text

type Draft = { stdout?: string; stderr?: string; exit?: number; beganAt?: number; ms: number }

function blank(command: Command, outcome: CommandResult['outcome']): CommandResult {
  return { argv: command.argv, exit: undefined, outcome, stdout: '', stderr: '', ms: 0 }
}

/** Collects the marks of both streams into results; a command is done when both have told its end. */
function resultCollector(
  commands: readonly Command[],
  onResult: (result: CommandResult, index: number) => void,
) {
  const drafts: Draft[] = commands.map(() => ({ ms: 0 }))
  const results: (CommandResult | undefined)[] = commands.map(() => undefined)

  const take = (draft: Draft, index: number, stream: 'stdout' | 'stderr', mark: Mark) => {
    draft[stream] = capped(mark)
    draft.exit = Number(mark.words[2])
    const command = commands[index]
    const { stdout, stderr, exit } = draft
    if (command === undefined || stdout === undefined || stderr === undefined) return
    if (draft.beganAt !== undefined) draft.ms = Math.round(performance.now() - draft.beganAt)
    const result = {
      argv: command.argv,
      exit,
      outcome: 'ran',
      stdout,
      stderr,
      ms: draft.ms,
    } as const
    results[index] = result
    onResult(result, index)
  }
  return {
    onMark(stream: 'stdout' | 'stderr', mark: Mark) {
      const [kind, name] = mark.words
      const draft = drafts[Number(name)]
      if (draft === undefined) return
      if (kind === 'B') draft.beganAt ??= performance.now()
      if (kind === 'E') take(draft, Number(name), stream, mark)
    },
    finish(broken: Broken | undefined): CommandResult[] {
      return commands.map(
        (command, index) =>
          results[index] ?? blank(command, broken === undefined ? 'skipped' : 'unknown'),
      )
    },
  }
}

/** Collects what is no command: the parts of the lean read, and how the fence was found. */
function partCollector() {
  const parts = new Map<string, Part>()
  return {
    parts,
    onMark(
      stream: 'stdout' | 'stderr',
      { words: [kind, name = '', exit], text, raw, cut }: Mark,
    ): void {
      if (kind !== 'E' || /^\d+$/.test(name)) return
      const blank = { stdout: '', stderr: '', raw: '', exit: Number(exit), cut: false }
      const part = parts.get(name) ?? blank
      part[stream] = text
      if (stream === 'stdout') part.raw = raw
      part.cut ||= cut
      parts.set(name, part)
    },
  }
}

/** What became of an exchange; `broken` = it did not reach its end. */
export type Done = {
  broken: Broken | undefined
  results: CommandResult[]
  /** The parts of the lean read by name, and `fence`. */
  parts: ReadonlyMap<string, Part>
}

const limitOf = ({ commands = [], read }: Work): number => {
  const seconds = commands
    .map((command) => command.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS)
    .reduce((sum, each) => sum + each, 0)
  return seconds * 1000 + (read === undefined ? SLACK_MS : READ_MS)
}

/**
 * Does one exchange with a warm shell: the fence, commands in order up to the first that fails (unless it may), the lean
 * read. Calls `onResult` for each command as it ends. Never throws for what happens on the host: a lost connection or a
 * passed deadline makes the rest `unknown`; `broken: 'unsent'` = the shell was gone before anything was written.
 * Throws InvalidInput when an argument cannot be quoted, before anything is sent.
 */
export async function workInShell(
  shell: WarmShell,
  work: Work,
  options: { sudo: boolean; onResult?: (result: CommandResult, index: number) => void },
): Promise<Done> {
  const results = resultCollector(work.commands ?? [], options.onResult ?? (() => undefined))
  const { parts, onMark } = partCollector()
  const broken = await shell.exchange({
    script: (nonce) => workScript(work, nonce, { sudo: options.sudo, packs: shell.packs }),
    cap: work.read === undefined ? OUTPUT_CAP : SECTION_CAP,
    deadlineMs: limitOf(work),
    onMark(stream, mark) {
      results.onMark(stream, mark)
      onMark(stream, mark)
    },
  })
  return { broken, results: results.finish(broken), parts }
}

/** Runs commands in one exchange with a warm shell and does nothing else, as `workInShell` does. */
export async function runInShell(
  shell: WarmShell,
  commands: readonly Command[],
  options: { sudo: boolean; onResult?: (result: CommandResult, index: number) => void },
): Promise<CommandResult[] | 'unsent'> {
  const { broken, results } = await workInShell(shell, { commands }, options)
  return broken === 'unsent' ? broken : results
}
