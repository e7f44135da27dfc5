import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFakeKernel, type FakeKernel } from './fake-kernel'

// Captured from the lab (kernel 6.1, ipvsadm 1.31); INDEX.tsv of each folder names the commands.
const captured = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')

/** The state in which the captures `errors` were taken. */
function labDirector(): FakeKernel {
  const kernel = createFakeKernel({ modules: { loaded: ['ip_vs', 'ipip'] } })
  const lines = [
    '-A -t 172.25.254.100:80 -s rr',
    '-a -t 172.25.254.100:80 -r 172.25.254.2:80 -i',
    '-a -t 172.25.254.100:80 -r 172.25.254.4:8080 -i',
  ].join('\n')
  expect(kernel.exec(['ipvsadm', '-R'], lines)).toEqual({ exit: 0, stdout: '', stderr: '' })
  kernel.exec(['ip', 'addr', 'add', '172.25.254.100/32', 'dev', 'tunl0'])
  return kernel
}

const words = (line: string) => line.split(' ')

describe('refusals', () => {
  const INDEX = captured('errors.tsv')
    .trim()
    .split('\n')
    .map((line) => line.split('\t'))
  it.each(INDEX)('%s prints and exits as captured', (_name, exit = '', command = '', text = '') => {
    const output = labDirector().exec(words(command))
    expect(output.stderr).toBe(text === '' ? '' : `${text}\n`)
    expect(output.exit).toBe(Number(exit))
  })
})

describe('ipvsadm -R', () => {
  const CASES = JSON.parse(captured('restore.json')) as {
    name: string
    input: string
    exit: number
    stderr: string
    rules: string
  }[]
  it.each(CASES)('$name leaves the table and the exit status as captured', (each) => {
    const kernel = createFakeKernel()
    const output = kernel.exec(['ipvsadm', '-R'], each.input)
    expect(output.exit).toBe(each.exit)
    expect(output.stderr).toBe(each.stderr)
    expect(kernel.exec(['ipvsadm', '-Sn']).stdout).toBe(each.rules)
  })
})

describe('listings of the captured table', () => {
  /** The table of the capture `multi`, with its counts put in. */
  function multi(): FakeKernel {
    const kernel = createFakeKernel()
    // entries are listed newest first, so they were added in this order
    expect(kernel.exec(['ipvsadm', '-R'], captured('multi/ipvsadm-Sn.out')).exit).toBe(0)
    return kernel
  }
  const withoutCounts = (text: string) => text.replace(/\d+( +)\d+ +$/gm, '0$10')
  const same = (printed: string, capture: string) =>
    expect(withoutCounts(printed)).toBe(withoutCounts(captured(capture)))

  it('prints the rules that it read', () => {
    expect(multi().exec(['ipvsadm', '-Sn']).stdout).toBe(captured('multi/ipvsadm-Sn.out'))
  })

  it('prints -Ln as captured', () => {
    same(multi().exec(['ipvsadm', '-Ln']).stdout, 'multi/ipvsadm-Ln.out')
  })

  it('prints thresholds as captured', () => {
    const kernel = multi()
    // -S does not save thresholds: the one that the captured table had is put in again
    const limits = '-e -t 172.25.254.104:80 -r 172.25.254.2 -i -x 100 -y 80'
    kernel.exec(['ipvsadm', ...words(limits)])
    const { stdout } = kernel.exec(['ipvsadm', '-Ln', '--thresholds'])
    same(stdout, 'multi/ipvsadm-Ln-thresholds.out')
  })

  it('prints /proc/net/ip_vs as captured, but for the order of services', () => {
    const blocks = (text: string) =>
      withoutCounts(text)
        .split(/\n(?=[A-Z])/)
        .map((block) => block.trimEnd())
        .sort()
    expect(blocks(multi().read('/proc/net/ip_vs') ?? '')).toEqual(
      blocks(captured('multi/proc-ip_vs.out')),
    )
  })

  it('prints statistics in the columns of the capture', () => {
    const zeroed = (text: string) =>
      text.replace(/^((?:TCP|UDP|SCTP|FWM| {2}->).{28,33}?)( +\d+){5}$/gm, '$1').trimEnd()
    const { stdout } = multi().exec(['ipvsadm', '-Ln', '--stats', '--exact'])
    const heads = (text: string) => text.split('\n').map((line) => line.slice(0, 33).trimEnd())
    const expected = captured('multi/ipvsadm-Ln-stats-exact.out')
    expect(heads(stdout)).toEqual(heads(expected))
    expect(zeroed(stdout).length).toBeGreaterThan(0)
    expect(stdout.split('\n').map((line) => line.length)).toEqual(
      expected.split('\n').map((line) => line.length),
    )
  })
})

describe('edits', () => {
  it('turns Tunnel into Route when -e does not repeat -i', () => {
    const kernel = labDirector()
    kernel.exec(words('ipvsadm -e -t 172.25.254.100:80 -r 172.25.254.2:80 -w 5'))
    expect(kernel.exec(['ipvsadm', '-Sn']).stdout).toContain('-r 172.25.254.2:80 -g -w 5\n')
  })

  it('makes an edited service wlc and drops its persistence when nothing is repeated', () => {
    const kernel = labDirector()
    kernel.exec(words('ipvsadm -E -t 172.25.254.100:80 -s rr -p 600'))
    kernel.exec(words('ipvsadm -E -t 172.25.254.100:80'))
    expect(kernel.exec(['ipvsadm', '-Sn']).stdout).toContain('-A -t 172.25.254.100:80 -s wlc\n')
  })

  it('replaces the port of a tunnelled real server by that of the service', () => {
    const kernel = labDirector()
    kernel.exec(words('ipvsadm -a -t 172.25.254.100:80 -r 172.25.254.5:8080 -i'))
    expect(kernel.exec(['ipvsadm', '-Sn']).stdout).toContain('-r 172.25.254.5:80 -i')
  })

  it('takes 360 seconds for -p without a value', () => {
    const kernel = labDirector()
    kernel.exec(words('ipvsadm -A -t 172.25.254.100:96 -s rr -p'))
    expect(kernel.exec(['ipvsadm', '-Sn']).stdout).toContain('-A -t 172.25.254.100:96 -s rr -p 360')
  })
})

// what the lab said to generated commands (bench/differential.prove.ts)
describe('services as a real kernel keeps them', () => {
  const kept = (line: string, ...listing: string[]) => {
    const kernel = createFakeKernel()
    expect(kernel.exec(words(`ipvsadm ${line}`))).toEqual({ exit: 0, stdout: '', stderr: '' })
    return kernel.exec(['ipvsadm', ...(listing.length > 0 ? listing : ['-Sn'])]).stdout
  }

  it('reads an IPv4 mask as inet_aton does', () => {
    expect(kept('-A -t 10.0.0.1:80 -p 60 -M 128')).toBe(
      '-A -t 10.0.0.1:80 -s wlc -p 60 -M 0.0.0.128\n',
    )
    expect(kept('-A -t 10.0.0.1:80 -p 60 -M 255.0.255.0')).toContain('-M 255.0.255.0\n')
  })

  it('shows a mask and an engine in listings of sticky services alone', () => {
    expect(kept('-A -t 10.0.0.1:80 -s rr --pe sip', '-Ln')).toMatch(/TCP {2}10\.0\.0\.1:80 rr\n$/)
    expect(kept('-A -t 10.0.0.1:80 -s rr -p 60 --pe sip', '-Ln')).toMatch(
      / rr persistent 60 pe sip\n$/,
    )
    expect(kept('-A -t 10.0.0.1:80 -s rr --pe sip')).toBe('-A -t 10.0.0.1:80 -s rr --pe sip\n')
  })

  it('does not see the port of an IPv4 address in brackets', () => {
    expect(kept('-A -t [10.0.0.1]:80 -s rr -p 60')).toBe('-A -t 10.0.0.1:0 -s rr -p 60\n')
  })

  it('lists real servers in the order of ipvsadm, whose comparison wraps', () => {
    const kernel = createFakeKernel()
    const rips = '10.0.0.1 200.0.0.1 172.25.254.2 127.0.0.1 192.168.0.1 ::1 fd00::2 2001:db8::1'
    const more = ' fd00::1 fd00:0:0:1:: 8000::1 7fff::1 fd00:0:1::'
    kernel.exec(words('ipvsadm -A -t 10.0.0.9:80'))
    for (const rip of words(rips + more))
      kernel.exec(['ipvsadm', '-a', '-t', '10.0.0.9:80', '-r', rip, '-i'])
    const listed = [...kernel.exec(['ipvsadm', '-Sn']).stdout.matchAll(/-r \[?(.*?)\]?:80 /g)]
    expect(listed.map(([, rip]) => rip)).toEqual(
      words(
        '127.0.0.1 7fff::1 8000::1 172.25.254.2 192.168.0.1 200.0.0.1 fd00::1 fd00::2 fd00:0:0:1:: fd00:0:1:: ::1 10.0.0.1 2001:db8::1',
      ),
    )
  })

  it('compares flags with the scheduler wherever that stands', () => {
    expect(kept('-A -t 10.0.0.1:80 -b sh-port -s sh')).toContain('-s sh -b sh-port\n')
  })
})

describe('modules and devices', () => {
  it('makes tunl0 down, with the conf values of default', () => {
    const kernel = createFakeKernel({ sysctls: { 'net.ipv4.conf.default.rp_filter': '1' } })
    expect(kernel.exists('/sys/class/net/tunl0')).toBe(false)
    kernel.exec(['modprobe', 'ipip'])
    expect(kernel.read('/proc/sys/net/ipv4/conf/tunl0/rp_filter')).toBe('1\n')
    expect(kernel.state.devices.at(-1)).toMatchObject({ name: 'tunl0', kind: 'ipip', up: false })
  })

  it('loads ipip when root names tunl0 to ip, and not for a plain user', () => {
    const kernel = createFakeKernel()
    const set = words('ip link set dev tunl0 up')
    expect(kernel.exec(set, '', 'user')).toMatchObject({ exit: 1 })
    expect(kernel.exec(set)).toMatchObject({ exit: 0 })
    expect(kernel.read('/proc/modules')).toMatch(/^ipip /m)
  })

  it('takes every other ipip device along when ipip is removed', () => {
    const kernel = createFakeKernel()
    kernel.exec(words('ip tunnel add calico1 mode ipip remote 192.0.2.9'))
    kernel.exec(words('ip addr add 192.0.2.1/32 dev calico1'))
    expect(kernel.exec(['rmmod', 'ipip']).exit).toBe(0)
    expect(kernel.state.devices.map((device) => device.name)).toEqual(['lo', 'eth0', 'mgmt'])
    expect(kernel.read('/proc/sys/net/ipv4/conf/calico1/rp_filter')).toBeUndefined()
  })

  it('refuses to remove a module that a service needs', () => {
    expect(labDirector().exec(['rmmod', 'ip_vs_rr'])).toMatchObject({ exit: 1 })
  })

  it('loads ip_vs at the first ipvsadm of root, whatever it asks', () => {
    const kernel = createFakeKernel()
    expect(kernel.read('/proc/net/ip_vs')).toBeUndefined()
    kernel.exec(['ipvsadm', '--version'])
    expect(kernel.read('/proc/net/ip_vs')).toMatch(/^IP Virtual Server/)
  })

  it('keeps IPv4 addresses of a device that goes down', () => {
    const kernel = labDirector()
    kernel.exec(words('ip link set dev tunl0 up'))
    kernel.exec(words('ip link set dev tunl0 down'))
    expect(kernel.state.devices.at(-1)?.addresses).toHaveLength(1)
  })

  it('forgets everything live at a reboot and keeps its files', () => {
    const kernel = labDirector()
    const { bootId } = kernel.state
    kernel.state.files['/etc/hostname'] = 'director\n'
    kernel.exec(words('sysctl -w net.ipv4.ip_forward=1'))
    kernel.reboot()
    expect(kernel.state.bootId).not.toBe(bootId)
    expect(kernel.read('/proc/sys/net/ipv4/ip_forward')).toBe('0\n')
    expect(kernel.exec(['ipvsadm', '-Sn']).stdout).toBe('')
    expect(kernel.read('/etc/hostname')).toBe('director\n')
  })
})

describe('traffic', () => {
  const service = ['-t', '172.25.254.100:80']
  function serve(scheduler: string, weights: number[]): FakeKernel {
    const answers = weights.map((_, index) => `172.25.254.${index + 2}:80`)
    const kernel = createFakeKernel({ answers })
    kernel.exec(['ipvsadm', '-A', ...service, '-s', scheduler])
    for (const [index, weight] of weights.entries()) {
      const rip = `172.25.254.${index + 2}`
      kernel.exec(['ipvsadm', '-a', ...service, '-r', rip, '-i', '-w', String(weight)])
    }
    return kernel
  }
  const visits = (kernel: FakeKernel, count: number) =>
    Array.from({ length: count }, () => kernel.openConnection(service, 'client')?.realServer)

  it('alternates with rr, beginning with the newest', () => {
    expect(visits(serve('rr', [1, 1]), 4).map((name) => name?.at(-4))).toEqual(['3', '2', '3', '2'])
  })

  it('follows the weights with wrr', () => {
    const seen = visits(serve('wrr', [3, 1]), 8)
    expect(seen.filter((name) => name === '172.25.254.2:80')).toHaveLength(6)
  })

  it('gives nothing to a weight of 0, and nobody when all are 0', () => {
    expect(new Set(visits(serve('rr', [0, 1]), 4))).toEqual(new Set(['172.25.254.3:80']))
    expect(visits(serve('wlc', [0]), 1)).toEqual([undefined])
  })

  it('moves a closed connection from active to inactive and counts it once', () => {
    const kernel = serve('rr', [1])
    const connection = kernel.openConnection(service, 'client')
    expect(kernel.read('/proc/net/ip_vs')).toMatch(/Tunnel {2}1 {6}1 {10}0 /)
    connection?.close()
    expect(kernel.read('/proc/net/ip_vs')).toMatch(/Tunnel {2}1 {6}0 {10}1 /)
    connection?.expire()
    expect(kernel.read('/proc/net/ip_vs')).toMatch(/Tunnel {2}1 {6}0 {10}0 /)
    const { stdout } = kernel.exec(words('ipvsadm -Ln --stats --exact'))
    expect(stdout).toMatch(/172\.25\.254\.2:80 +1 +7 +0 +443 +0\n/)
  })

  it('keeps a connection to a real server that does not answer in SYN_RECV', () => {
    const kernel = serve('rr', [1, 1])
    kernel.state.answers = ['172.25.254.2:80']
    visits(kernel, 2)
    const count = '{ if (NR > 1) print $6, $8 }'
    const { stdout } = kernel.exec(['awk', count, '/proc/net/ip_vs_conn'])
    expect(stdout).toBe('AC19FE03 SYN_RECV\nAC19FE02 ESTABLISHED\n')
  })

  it('stops giving to a real server that has reached its upper threshold', () => {
    const kernel = serve('rr', [1, 1])
    kernel.exec(['ipvsadm', '-e', ...service, '-r', '172.25.254.3', '-i', '-x', '1'])
    expect(visits(kernel, 4).slice(1)).toEqual(Array(3).fill('172.25.254.2:80'))
  })
})

describe('programs', () => {
  it('tells whether RIP:port answers', () => {
    const kernel = createFakeKernel({ answers: ['172.25.254.2:80'] })
    const reach = (rip: string) => [
      ...words('timeout 3 bash -c'),
      'exec 3<>"/dev/tcp/$0/$1"',
      rip,
      '80',
    ]
    expect(kernel.exec(reach('172.25.254.2')).exit).toBe(0)
    expect(kernel.exec(reach('172.25.254.3')).exit).toBe(1)
  })

  it('asks a plain user for a password where sudo does', () => {
    const kernel = createFakeKernel({ sudo: 'password' })
    expect(kernel.exec(words('timeout 8 sudo -n ipvsadm -Sn'), '', 'user')).toEqual({
      exit: 1,
      stdout: '',
      stderr: 'sudo: a password is required\n',
    })
  })

  it('reads a key with a dotted interface as sysctl does', () => {
    const kernel = createFakeKernel({ devices: { 'eth0.7': ['192.0.2.1/24'] } })
    expect(kernel.exec(words('sysctl -w net.ipv4.conf.eth0/7.arp_ignore=1')).stdout).toBe(
      'net.ipv4.conf.eth0/7.arp_ignore = 1\n',
    )
    expect(kernel.read('/proc/sys/net/ipv4/conf/eth0.7/arp_ignore')).toBe('1\n')
  })
})

describe('snapshots', () => {
  it('are equal when only the order of adding and the counters differ', () => {
    const add = (kernel: FakeKernel, rips: string[]) => {
      for (const rip of rips) {
        kernel.exec(['ipvsadm', '-a', '-t', '172.25.254.100:80', '-r', rip, '-i'])
      }
      return kernel
    }
    const one = add(labDirector(), ['172.25.254.3', '172.25.254.5'])
    const other = add(labDirector(), ['172.25.254.5', '172.25.254.3'])
    other.openConnection(['-t', '172.25.254.100:80'], 'client')
    expect(one.snapshot()).toEqual(other.snapshot())
    other.exec(words('ipvsadm -e -t 172.25.254.100:80 -r 172.25.254.3 -i -w 0'))
    expect(one.snapshot()).not.toEqual(other.snapshot())
  })

  it('a fork goes its own way', () => {
    const one = labDirector()
    const other = one.fork()
    other.exec(['ipvsadm', '-C'])
    expect(one.exec(['ipvsadm', '-Sn']).stdout).not.toBe('')
  })
})
