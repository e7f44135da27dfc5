import fc from 'fast-check'

const USUAL = [
  'modprobe ipip',
  'modprobe ip_vs_wrr',
  'modprobe -n -q ip_vs_rr',
  'modprobe -r ip_vs_fo',
  'ip link set dev tunl0 up',
  'ip link set dev tunl0 down',
  'ip link set tunl0 up',
  'ip address add %4.1/32 dev tunl0',
  'ip address add %4.1/32 dev tunl0',
  'ip address add %4.2/32 dev tunl0',
  'ip address del %4.1/32 dev tunl0',
  'ip address del %4.2/32 dev tunl0',
  'sysctl -w net.ipv4.conf.tunl0.rp_filter=0',
  'sysctl -w net.ipv4.conf.tunl0.rp_filter=2',
  'sysctl -w net.ipv4.conf.tunl0.arp_ignore=1',
  'sysctl -w net.ipv4.conf.tunl0.arp_announce=2',
  'sysctl net.ipv4.conf.tunl0.rp_filter',
]
const ODD = [
  'modprobe nosuchmodule',
  'modprobe -n -q nosuchmodule',
  'modprobe -r nosuchmodule',
  'ip link set dev tunl9 up',
  'ip address add %4.300/32 dev tunl0',
  'ip address add %4.1/33 dev tunl0',
  'ip address add %4.1/32 dev tunl9',
  'ip address del %4.9/32 dev tunl0',
  'ip address del %4.1/24 dev tunl0',
  'ip link del dev tunl0',
  'sysctl -w net.ipv4.conf.tunl9.rp_filter=0',
  'sysctl -w net.ipv4.conf.tunl0.rp_filter=abc',
  'sysctl -w net.ipv4.conf.tunl0.rp_filter=',
  'sysctl net.ipv4.conf.tunl9.rp_filter',
]

/** Commands of ip(8), sysctl(8) and modprobe(8), as one text each. */
export const hostCommands: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom(...USUAL), weight: 5 },
  { arbitrary: fc.constantFrom(...ODD), weight: 1 },
)

const CONF = 'net.ipv4.conf.tunl0'

/** Takes the addresses, parameters and the state of tunl0 back. */
export const tidyHost = [
  { argv: ['ip', 'address', 'flush', 'dev', 'tunl0'] },
  { argv: ['ip', 'link', 'set', 'dev', 'tunl0', 'down'] },
  {
    argv: [
      'sysctl',
      '-q',
      '-w',
      `${CONF}.rp_filter=0`,
      `${CONF}.arp_ignore=0`,
      `${CONF}.arp_announce=0`,
    ],
  },
]
