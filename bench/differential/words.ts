import fc from 'fast-check'

/** Where a sequence may put things: its own VIPs, so that no other can have a part in what comes of it. */
export type Range = { vip: string; vip6: string; mark: number }

/** Gives the n-th sequence (0 to 65,535) a /24, a /64 and four fwmarks of its own. */
export const rangeOf = (at: number): Range => ({
  vip: `10.${64 + (at >> 8)}.${at & 255}`,
  vip6: `fd00:${(at + 1).toString(16)}::`,
  mark: 1000 + at * 4,
})

/** Most draws are right; a few are what a hurried operator types. */
export const mostly = <T>(usual: readonly T[], odd: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { arbitrary: fc.constantFrom(...usual), weight: 7 },
    { arbitrary: fc.constantFrom(...odd), weight: 1 },
  )

type Words = readonly string[]

/** Draws one of several ways to say something, or nothing: the first choice. */
const some = (...ways: readonly Words[]) => fc.constantFrom<Words>(...ways)

const SCHEDULERS = ['rr', 'wrr', 'lc', 'wlc', 'sed', 'nq', 'sh', 'mh', 'dh', 'fo', 'ovf']
const schedulerArbitrary = fc.oneof(
  { arbitrary: fc.constantFrom<Words>(...SCHEDULERS.map((name) => ['-s', name])), weight: 8 },
  { arbitrary: some([], ['--scheduler', 'lblc'], ['-s', 'lblcr']), weight: 2 },
  {
    arbitrary: some(['-s', 'nosuch'], ['-s', 'none'], ['-s', 'rr', '-s', 'wrr'], ['-s']),
    weight: 1,
  },
)

const NO_FLAGS: Words = []
const flagsArbitrary = fc.oneof(
  { arbitrary: fc.constant(NO_FLAGS), weight: 6 },
  {
    arbitrary: fc.constantFrom<Words>(
      ['-s', 'sh', '-b', 'sh-port'],
      ['-s', 'sh', '-b', 'sh-fallback,sh-port'],
      ['-s', 'mh', '-b', 'mh-fallback'],
      ['-s', 'mh', '-b', 'mh-port,mh-fallback'],
      ['-b', 'flag-1'],
      ['-b', 'flag-2,flag-3'],
      ['-s', 'rr', '-b', 'flag-3,flag-1'],
      ['-s', 'rr', '-b', 'sh-port'],
      ['-s', 'wrr', '-b', 'mh-port'],
      ['-b', 'flag-4'],
      ['-b', 'sh-port'],
      ['-b', 'mh-port', '-s', 'wrr'],
      ['-b', 'sh-port,mh-port', '-s', 'sh', 'word'],
      ['-b', 'sh-port', '-s', 'sh'],
      ['-s', 'sh', '-b', 'nosuch'],
    ),
    weight: 2,
  },
)

const stickyArbitrary = fc.oneof(
  { arbitrary: fc.constant<Words>([]), weight: 6 },
  {
    arbitrary: fc.constantFrom<Words>(
      ['-p'],
      ['-p', '1'],
      ['-p', '600'],
      ['-p600'],
      ['--persistent', '300'],
      ['-p', '2678400'],
      ['-p', '600', '-M', '255.255.255.0'],
      ['-p', '600', '-M', '255.255.0.0'],
      ['-p', '300', '-M', '64'],
      ['-p', '300', '-M', '128'],
      ['-p', '300', '-M', '255.255.255.255'],
    ),
    weight: 4,
  },
  {
    arbitrary: fc.constantFrom<Words>(
      ['-p', '0'],
      ['-p', '2678401'],
      ['-p', 'abc'],
      ['-M', '255.255.255.0'],
      ['-p', '60', '-M', '129'],
      ['-p', '60', '-M', '0'],
      ['-p', '60', '-M', '255.0.255.0'],
      ['-p', '60', '-M', 'wide'],
    ),
    weight: 1,
  },
)

const moreArbitrary = fc.oneof(
  { arbitrary: fc.constant<Words>([]), weight: 9 },
  {
    arbitrary: some(['-o'], ['--ops'], ['--pe', 'sip'], ['--pe', 'nosuch'], ['-w', '1']),
    weight: 2,
  },
)

/** The options of `-A` and `-E`. Flags that bring their scheduler come instead of one. */
export const serviceOptions: fc.Arbitrary<string[]> = fc
  .tuple(schedulerArbitrary, flagsArbitrary, stickyArbitrary, moreArbitrary)
  .map(([scheduler, flags, sticky, more]) => [
    ...(flags.includes('-s') ? [] : scheduler),
    ...flags,
    ...sticky,
    ...more,
  ])

const forwardingArbitrary = fc.oneof(
  { arbitrary: some(['-i'], ['-i'], ['--ipip'], ['-i', '--tun-type', 'ipip']), weight: 6 },
  { arbitrary: some([], ['-g'], ['-m'], ['--gatewaying'], ['--masquerading']), weight: 3 },
  {
    arbitrary: some(
      ['-i', '--tun-type', 'gue', '--tun-port', '6080'],
      ['-i', '--tun-type', 'gue', '--tun-port', '6080', '--tun-csum'],
      ['-i', '--tun-type', 'gue', '--tun-port', '6080', '--tun-remcsum'],
      ['-i', '--tun-type', 'gre'],
      ['-i', '--tun-type', 'gre', '--tun-csum'],
    ),
    weight: 2,
  },
  {
    arbitrary: some(
      ['-i', '--tun-type', 'gue'],
      ['-i', '--tun-type', 'gue', '--tun-port', '6080', '--tun-nocsum', '--tun-csum'],
      ['--tun-type', 'gue', '-i', '--tun-port', '6080', '--tun-csum', '--tun-remcsum'],
      ['-i', '--tun-type', 'gue', '--tun-port', '0'],
      ['-i', '--tun-type', 'gue', '--tun-port', '65536'],
      ['-i', '--tun-type', 'gre', '--tun-port', '6080'],
      ['-i', '--tun-type', 'gre', '--tun-remcsum'],
      ['-i', '--tun-port', '6080'],
      ['-i', '--tun-csum'],
      ['-i', '--tun-type', 'vxlan'],
      ['-m', '--tun-type', 'gre'],
      ['-g', '--tun-nocsum'],
      ['-i', '-g'],
      ['-i', '-i'],
    ),
    weight: 1,
  },
)

const NUMBERS = ['0', '1', '1', '3', '100', '65535', '65536', '2147483647']
const ODD_NUMBERS = [
  '2147483648',
  '99999999999999999999',
  '-1',
  'abc',
  '',
  '0x10',
  '1.5',
  '+7',
  '007',
]

const weightArbitrary = fc.oneof(
  { arbitrary: fc.constant<Words>([]), weight: 2 },
  { arbitrary: mostly(NUMBERS, ODD_NUMBERS).map((value): Words => ['-w', value]), weight: 6 },
  {
    arbitrary: some(['-w5'], ['--weight', '9'], ['--weight=9'], ['-w'], ['-w', '1', '-w', '2']),
    weight: 1,
  },
)

const limitsArbitrary = fc.oneof(
  { arbitrary: fc.constant<Words>([]), weight: 6 },
  {
    arbitrary: some(
      ['-x', '100'],
      ['-x', '100', '-y', '80'],
      ['-y', '100', '-x', '100'],
      ['-x', '0', '-y', '0'],
      ['-x', '2147483647'],
      ['--u-threshold', '7', '--l-threshold', '3'],
    ),
    weight: 3,
  },
  {
    arbitrary: some(
      ['-x', '10', '-y', '20'],
      ['-y', '5'],
      ['-x', '-1'],
      ['-x', '2147483648'],
      ['-y', 'low'],
      ['-s', 'rr'],
    ),
    weight: 1,
  },
)

/** The options of `-a` and `-e`; without `-i` an edit makes a tunnel a route. */
export const serverOptions: fc.Arbitrary<string[]> = fc
  .tuple(forwardingArbitrary, weightArbitrary, limitsArbitrary)
  .map(([forwarding, weight, limits]) => [...forwarding, ...weight, ...limits])
