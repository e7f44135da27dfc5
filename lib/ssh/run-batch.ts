import { batchScript, type Command, DEFAULT_TIMEOUT_SECONDS } from './batch'
import type { Mark } from './frames'
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

const CUT = '\n[…]'

type Draft = { stdout?: string; stderr?: string; exit?: number; beganAt?: number; ms: number }

function blank(command: Command, outcome: CommandResult['outcome']): CommandResult {
  return { argv: command.argv, exit: undefined, outcome, stdout: '', stderr: '', ms: 0 }
}

/** Collects the marks of both streams into results; a command is done when both have told its end. */
function collector(
  commands: readonly Command[],
  onResult: (result: CommandResult, index: number) => void,
) {
  const drafts: Draft[] = commands.map(() => ({ ms: 0 }))
  const results: (CommandResult | undefined)[] = commands.map(() => undefined)

  const take = (draft: Draft, index: number, stream: 'stdout' | 'stderr', mark: Mark) => {
    draft[stream] = mark.cut ? mark.text + CUT : mark.text
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

/**
 * Runs commands in order in one exchange with a warm shell and stops at the first that fails (unless it may). Calls
 * `onResult` for each as it ends. Never throws for what happens on the host: a lost connection or a passed deadline
 * makes the rest `unknown`; `unsent` = the shell was gone before anything was written. Throws InvalidInput when an argument cannot be quoted, before anything is sent.
 */
export async function runInShell(
  shell: WarmShell,
  commands: readonly Command[],
  options: { sudo: boolean; onResult?: (result: CommandResult, index: number) => void },
): Promise<CommandResult[] | 'unsent'> {
  const results = collector(commands, options.onResult ?? (() => undefined))
  const seconds = commands
    .map((command) => command.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS)
    .reduce((sum, each) => sum + each, 0)
  const broken = await shell.exchange({
    script: (nonce) => batchScript(commands, nonce, options.sudo),
    cap: OUTPUT_CAP,
    deadlineMs: seconds * 1000 + SLACK_MS,
    onMark: results.onMark,
  })
  return broken === 'unsent' ? broken : results.finish(broken)
}
