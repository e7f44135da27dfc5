import fc from 'fast-check'
import { hostCommands, tidyHost } from './host-words'
import { mostly, type Range, rangeOf, serverOptions, serviceOptions } from './words'

/** One call of a program; `stdin` is what `ipvsadm -R` reads. */
export type Call = { argv: readonly string[]; stdin?: string }

/** What is run on both, and afterwards what takes away what it may have made. */
export type Sequence = { at: number; calls: Call[]; tidy: Call[] }

/** Written so that one word is one argument; `%4`, `%6` and `%f` stand for the range of the sequence. */
const SERVICES: readonly string[] = [
  '-t %4.1:80',
  '-t %4.1:443',
  '-u %4.1:53',
  '--sctp-service %4.2:5060',
  '-t [%61]:80',
  '-u [%61]:53',
  '-f %f0',
  '-f %f1 -6',
]
const ODD_SERVICES: readonly string[] = [
  '-t %4.3:0',
  '-t %4.3',
  '-t [%63]:0',
  '-t %61',
  '-t %4.3:http',
  '-t %4.1:65536',
  '-t %4.300:80',
  '-t [%61:80',
  '-u [%4.1]:80',
  '-f 0',
  '-f x',
  '-6 -f %f2',
  '-t %4.1:80 -u %4.1:53',
  '-t nosuch.example:80',
  '',
]
const SERVERS = [
  '172.25.254.2',
  '172.25.254.3',
  '172.25.254.4:8080',
  '172.25.254.2:80',
  '[fd00::2]:80',
  'fd00::3',
]
const ODD_SERVERS = [
  '172.25.254.5:0',
  '224.0.0.1',
  '0.0.0.0',
  '127.0.0.1',
  '255.255.255.255',
  'ff02::1',
  '::1',
  'nosuch.example:80',
  '172.25.254.2:99999',
  '172.25.254.256',
]

const serviceArbitrary = fc.oneof(
  // the first two again and again, so that commands meet
  { arbitrary: fc.constantFrom(...SERVICES.slice(0, 2)), weight: 6 },
  { arbitrary: mostly(SERVICES, ODD_SERVICES), weight: 8 },
)
const serverArbitrary = mostly(SERVERS, ODD_SERVERS)

const words = (...parts: readonly (string | readonly string[])[]): string[] =>
  parts
    .flatMap((part) => (typeof part === 'string' ? part.split(' ') : part))
    .filter((word) => word !== '')

const withService = (command: string) => (service: string) => words(command, service)
const putService = (command: string) =>
  fc
    .tuple(serviceArbitrary, serviceOptions)
    .map(([service, options]) => [...words(command, service), ...options])
const putServer = (command: string) =>
  fc
    .tuple(serviceArbitrary, serverArbitrary, serverOptions)
    .map(([service, server, options]) => [...words(command, service, '-r', server), ...options])
const takeServer = fc
  .tuple(serviceArbitrary, serverArbitrary)
  .map(([service, server]) => words('-d', service, '-r', server))

const rareArbitrary = fc.constantFrom(
  words('-Z'),
  words('-Z -t %4.1:80'),
  words('-L -n -t %4.1:80'),
  words('-Ln -u %4.1:53'),
  words('-Sn'),
  words('-S -n -t %4.1:80'),
  words('--set 0 0 0'),
  words('--set 0 0'),
  words('--set 0 0 0 0'),
  words('--set 0 0 x'),
  words('-A -D -t %4.1:80'),
  words('-t %4.1:80 -A'),
  words('-D -t %4.1:80 -s rr'),
  words('-a -t %4.1:80 -i'),
  words('-d -t %4.1:80 -r 172.25.254.2 -i'),
  words('--bogus'),
  words('-A -t %4.1:80 --bogus'),
  words('-A -t %4.1:80 rr'),
  words('--add-service --tcp-service %4.1:80 --scheduler wrr'),
  words('--delete-service --tcp-service %4.1:80'),
)

/** One line of ipvsadm(8), without the name of the program. */
const lineArbitrary: fc.Arbitrary<string[]> = fc.oneof(
  { arbitrary: putService('-A'), weight: 6 },
  { arbitrary: putService('-E'), weight: 3 },
  { arbitrary: serviceArbitrary.map(withService('-D')), weight: 1 },
  { arbitrary: putServer('-a'), weight: 8 },
  { arbitrary: putServer('-e'), weight: 4 },
  { arbitrary: takeServer, weight: 3 },
  { arbitrary: rareArbitrary, weight: 1 },
)

const ODD_LINES = [
  '',
  '   ',
  '# a comment',
  'ipvsadm -A -t %4.1:80 -s rr',
  '-R',
  '-A -t "%4.1:80"',
  '  -A -u %4.1:53 -s rr',
  '-A -t %4.1:443 -s rr # why',
  '-L -n',
  '-S -n',
]
const restoreArbitrary: fc.Arbitrary<Call> = fc
  .tuple(
    fc.array(
      fc.oneof(
        { arbitrary: lineArbitrary.map((line) => line.join(' ')), weight: 12 },
        { arbitrary: fc.constantFrom(...ODD_LINES), weight: 1 },
      ),
      { minLength: 2, maxLength: 7 },
    ),
    fc.constantFrom('\n', '\n', '\n', ''),
  )
  .map(([lines, end]) => ({ argv: ['ipvsadm', '-R'], stdin: `${lines.join('\n')}${end}` }))

const callArbitrary: fc.Arbitrary<Call> = fc.oneof(
  { arbitrary: lineArbitrary.map((line): Call => ({ argv: ['ipvsadm', ...line] })), weight: 14 },
  { arbitrary: restoreArbitrary, weight: 4 },
  { arbitrary: hostCommands.map((line): Call => ({ argv: line.split(' ') })), weight: 3 },
)

/** What makes the rest meet something. */
const FIRST: Call = { argv: words('ipvsadm -A -t %4.1:80 -s rr') }
const callsArbitrary = fc
  .tuple(fc.boolean(), fc.array(callArbitrary, { minLength: 5, maxLength: 8 }))
  .map(([first, calls]) => (first ? [FIRST, ...calls.slice(1)] : calls))

const place =
  ({ vip, vip6, mark }: Range) =>
  (text: string): string =>
    text
      .replaceAll('%4', vip)
      .replaceAll('%6', vip6)
      .replace(/%f(\d)/g, (_, at: string) => String(mark + Number(at)))

/** Each service that a sequence may have made; a line about one that is not there is refused and skipped. */
const MADE = [
  ...SERVICES,
  '-t %4.3:0',
  '-t [%63]:0',
  '-t %4.3:80',
  '-t [%61]:0',
  '-f %f2',
  '-u [%4.1]:80',
]
const tidyArbitrary: readonly Call[] = [
  { argv: ['ipvsadm', '-R'], stdin: MADE.map((service) => `-D ${service}\n`).join('') },
]

const placed = (range: Range, { argv, stdin }: Call): Call => ({
  argv: argv.map(place(range)),
  ...(stdin === undefined ? {} : { stdin: place(range)(stdin) }),
})

const touchesHost = ({ argv }: Call) => argv[0] !== 'ipvsadm'

/** Draws the sequences of a seed: the same ones for the same seed and count. */
export function drawSequences(count: number, seed: number): Sequence[] {
  return fc.sample(callsArbitrary, { numRuns: count, seed }).map((calls, at) => {
    const range = rangeOf(at)
    const tidy = [...tidyArbitrary, ...(calls.some(touchesHost) ? tidyHost : [])]
    return {
      at,
      calls: calls.map((call) => placed(range, call)),
      tidy: tidy.map((call) => placed(range, call)),
    }
  })
}
