import { z } from 'zod'
import { createFakeKernel } from '@/lib/testing/fake-kernel'
import type { Output } from '@/lib/testing/fake-kernel/state'
import type { Call, Sequence } from './sequence'

/** What is read after the calls of a sequence, in this order. */
export const READS: readonly Call[] = [
  { argv: ['ipvsadm', '-Sn'] },
  { argv: ['ipvsadm', '-Ln', '--thresholds'] },
]
const HOST_READS: readonly Call[] = [
  { argv: ['ip', '-j', '-d', 'addr', 'show'] },
  {
    argv: [
      'grep',
      '-H',
      '.',
      ...['rp_filter', 'arp_ignore', 'arp_announce'].map(
        (key) => `/proc/sys/net/ipv4/conf/tunl0/${key}`,
      ),
    ],
  },
]

const changesHost = ({ argv }: Call): boolean => argv[0] !== 'ipvsadm'

/** The calls of a sequence and the reads after it. */
export const callsOf = ({ calls }: Sequence): Call[] => [
  ...calls,
  ...READS,
  ...(calls.some(changesHost) ? HOST_READS : []),
]

/** Modules that a real director is given before the first sequence, and that the fake has from the start. */
export const MODULES = ['ipip', 'ip_vs', 'ip_vs_fo']

/** Runs the calls on a fake kernel of its own. */
export function runOnFake(calls: readonly Call[]): Output[] {
  const kernel = createFakeKernel({ modules: { loaded: MODULES } })
  return calls.map(({ argv, stdin }) => kernel.exec(argv, stdin))
}

// [{"ifname":"tunl0","flags":["NOARP"],"addr_info":[{"family":"inet","local":"10.0.0.1","prefixlen":32,"scope":"global"}]}]
const devicesSchema = z.array(
  z.object({
    ifname: z.string().optional(),
    flags: z.array(z.string()).default([]),
    addr_info: z
      .array(z.object({ local: z.string(), prefixlen: z.number(), scope: z.string() }))
      .default([]),
  }),
)

/** Keeps of a listing what is a law: of `ip`, tunl0's state and addresses; of `ipvsadm`, all but the table's size. */
function settled({ argv }: Call, text: string): string {
  if (argv[0] === 'ip' && argv.includes('-j')) {
    const devices = devicesSchema.parse(JSON.parse(text))
    const tunnel = devices.find(({ ifname }) => ifname === 'tunl0')
    const up = tunnel?.flags.includes('UP') ?? false
    return JSON.stringify({ up, addresses: tunnel?.addr_info })
  }
  return text.replace(/\(size=\d+\)/, '(size)').replaceAll(/ +$/gm, '')
}

const shown = ({ argv, stdin }: Call): string =>
  stdin === undefined ? argv.join(' ') : `${argv.join(' ')} <<< ${JSON.stringify(stdin)}`

/** One place in which the two are not alike. */
export type Difference = { at: number; call: string; what: string; real: string; fake: string }

/** Compares the outputs call by call; gives the first difference, after which the rest means nothing. */
export function findDifference(
  sequence: Sequence,
  calls: readonly Call[],
  real: readonly Output[],
  fake: readonly Output[],
): Difference | undefined {
  for (const [index, call] of calls.entries()) {
    const [a, b] = [real[index], fake[index]]
    if (a === undefined || b === undefined) throw new Error(`no output of ${shown(call)}`)
    const pairs = [
      ['exit', String(a.exit), String(b.exit)],
      ['stderr', a.stderr, b.stderr],
      ['stdout', settled(call, a.stdout), settled(call, b.stdout)],
    ] as const
    const found = pairs.find(([, one, other]) => one !== other)
    if (found !== undefined) {
      const [what, one, other] = found
      return { at: sequence.at, call: shown(call), what, real: one, fake: other }
    }
  }
  return undefined
}
