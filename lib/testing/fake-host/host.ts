import type { FakeKernel } from '../fake-kernel'
import type { Output } from '../fake-kernel/state'
import { isChanging, isQuestion, type Misbehaviour, NOISE, NONSENSE } from './misbehaviour'

/** What the fake host was asked, in order. */
export type Received = {
  auth: { method: string; user: string; accepted: boolean }[]
  /** Every command that reached the kernel, questions apart. */
  commands: string[][]
  /** Those that only ask the segment and change nothing anywhere: `arping -D`. */
  questions: string[][]
  /** How many lean reads were answered. */
  reads: number
  probes: number
  streams: number
}

/** An output of which only the beginning arrives: then nothing more is said. */
type Cut = Output & { cut?: boolean }

/** Decides what becomes of a command: its output, or nothing at all. `run` carries it out. */
export type Decide = (argv: readonly string[], stdin: string, run: () => Output) => Cut | undefined

/** One fake host as its channels see it: its kernel, how it misbehaves, and what it has received. */
export type Host = {
  kernel: FakeKernel
  received: Received
  misbehaviour: Misbehaviour | undefined
  changes: number
  /** Asked about each command that comes, where no misbehaviour has a name for what it does. */
  decide?: Decide | undefined
  /** Who holds the fence of this host; it is one for all its connections. */
  fence?: { token: string; who: string } | undefined
  /** Cuts every connection. */
  drop(): void
}

/** Runs one command of a batch; `undefined` = the connection was dropped meanwhile. */
export function runCommand(
  host: Host,
  argv: readonly string[],
  stdin: string,
  as: 'root' | 'user',
): Cut | undefined {
  const { misbehaviour, kernel, decide } = host
  if (decide !== undefined) {
    host.received.commands.push([...argv])
    return decide(argv, stdin, () => kernel.exec(argv, stdin, as))
  }
  const changing = isChanging(argv)
  if (changing) host.changes += 1
  const drops = misbehaviour?.name === 'drops-mid-plan' && changing ? misbehaviour : undefined
  const due = drops !== undefined && host.changes === drops.at
  const list = isQuestion(argv) ? host.received.questions : host.received.commands
  if (!due || drops.when === 'after') list.push([...argv])
  if (due && drops.when === 'before') {
    host.drop()
    return undefined
  }
  const output = kernel.exec(argv, stdin, as)
  if (due) {
    host.drop()
    return undefined
  }
  if (misbehaviour?.name === 'prints-nonsense') return { ...output, stdout: NONSENSE }
  return output
}

/** What is printed on standard error before each command's own. */
export function noiseOf(host: Host): string {
  return host.misbehaviour?.name === 'noise-on-stderr' ? NOISE : ''
}

/** Somebody else comes by after a read. */
export function afterRead(host: Host): void {
  host.received.reads += 1
  const { misbehaviour, kernel } = host
  if (misbehaviour?.name !== 'changes-behind-you') return
  host.misbehaviour = undefined
  for (const argv of misbehaviour.commands) kernel.exec(argv)
}
