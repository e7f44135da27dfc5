import type { Step } from '@/lib/lvs/plan'
import type { FakeHost } from '@/lib/testing/fake-host'
import { NOISE } from '@/lib/testing/fake-host/misbehaviour'
import type { Output } from '@/lib/testing/fake-kernel/state'

export const FAULTS = [
  'reset before send',
  'reset before reply',
  'silence',
  'truncated reply',
  'exit code',
  'noise on stderr',
  'sudo denied',
  'hang',
  'disk full',
  'rebooted',
  'killed',
] as const
export type Fault = (typeof FAULTS)[number]
export type When = 'before' | 'after'
export const WHENS: readonly When[] = ['before', 'after']

/** Faults that end no command: the line itself is cut around the exchange that holds the step. */
export const isOfLine = (fault: Fault): boolean => fault === 'reset before send'

/** Why a pair cannot occur; `undefined`: it can. */
export function whyNot({ kind, argv }: Step, fault: Fault, when: When): string | undefined {
  if (argv.length === 0) return 'nothing is sent: the step changes the ledger alone'
  if (fault === 'sudo denied' && when === 'after') return 'what sudo denies is not carried out'
  if (fault === 'disk full' && kind !== 'file') return 'the step writes no file'
  return undefined
}

type Cut = Output & { cut?: boolean }
type Act = (host: FakeHost, run: () => Output, when: When) => Cut | undefined

const ran = (run: () => Output, when: When): Output | undefined =>
  when === 'after' ? run() : undefined

const ends =
  (exit: number, stderr: string): Act =>
  (_, run, when) => {
    ran(run, when)
    return { exit, stdout: '', stderr }
  }

/** What the host does at the step: `before` it is carried out, or `after`. `undefined`: it says nothing more. */
export const ACTS: Record<Exclude<Fault, 'reset before send'>, Act> = {
  'reset before reply'(host, run, when) {
    ran(run, when)
    host.drop()
    return undefined
  },
  silence(_, run, when) {
    ran(run, when)
    return undefined
  },
  'truncated reply'(_, run, when) {
    const output = ran(run, when) ?? { exit: 0, stdout: '', stderr: '' }
    return { ...output, stdout: output.stdout.slice(0, 3), cut: true }
  },
  'exit code': ends(1, 'no such thing\n'),
  'noise on stderr'(_, run) {
    const output = run()
    return { ...output, stderr: `${NOISE}${output.stderr}` }
  },
  'sudo denied': ends(1, 'sudo: a password is required\n'),
  // timeout(1) ends what hangs, on the host itself
  hang: ends(124, ''),
  'disk full'(host, run, when) {
    if (when === 'before') host.kernel.state.disk = 'full'
    const output = run()
    host.kernel.state.disk = 'full'
    return output
  },
  rebooted(host, run, when) {
    ran(run, when)
    host.kernel.reboot()
    host.drop()
    return undefined
  },
  killed(host, run, when) {
    ran(run, when)
    host.drop()
    return undefined
  },
}
