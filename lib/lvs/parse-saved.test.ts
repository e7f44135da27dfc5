import { describe, expect, it } from 'vitest'
import { createFakeKernel } from '../testing/fake-kernel'
import { LOOKED_FOR, READ_WHOLE } from '../testing/fake-kernel/saved-read'
import { FILE_TREES, type FileTree } from '../testing/file-trees'
import { parseSaved, type SavedSections } from './parse-saved'
import { FILES, MARKS } from './saved'

const savedOf = (tree: FileTree) => parseSaved(createFakeKernel({ tree }).savedSections())

const sections = (changes: Partial<SavedSections> = {}): SavedSections => ({
  ...{ places: 'init systemd\n', texts: {}, refused: {}, timeouts: '' },
  ...changes,
})

describe('the files of a distribution', () => {
  it.each([
    ['bookworm', 'debian', [], '12', 'systemd'],
    ['bookwormQuick', 'debian', [], '12', 'other'],
    ['trixie', 'debian', [], '13', 'systemd'],
    ['ubuntu2404', 'ubuntu', ['debian'], '24.04', 'systemd'],
    ['rhel9', 'rocky', ['rhel', 'centos', 'fedora'], '9.4', 'systemd'],
    ['rhel7', 'centos', ['rhel', 'fedora'], '7', 'systemd'],
    ['sle15', 'sles', ['suse'], '15.5', 'systemd'],
    ['alpine', 'alpine', [], '3.20.3', 'openrc'],
  ] as const)('%s says what it is and what starts it', (name, id, like, version, init) => {
    const saved = savedOf(FILE_TREES[name])
    expect(saved.distribution).toMatchObject({ id, like, version })
    expect(saved.init).toBe(init)
  })

  // as captured from the lab by readRunning on a director of Debian 13, kernel 6.12
  it('reads those of Debian 13 as the real host gave them', () => {
    const saved = savedOf(FILE_TREES.trixie)
    expect(saved.distribution.name).toBe('Debian GNU/Linux 13 (trixie)')
    expect(Object.keys(saved.files)).toEqual(['/etc/default/ipvsadm', '/etc/ipvsadm.rules'])
    expect(saved.sysctlFiles.map(({ path, lines }) => [path, lines.length])).toEqual([
      ['/usr/lib/sysctl.d/10-coredump-debian.conf', 0],
      ['/usr/lib/sysctl.d/50-default.conf', 10],
      ['/usr/lib/sysctl.d/50-pid-max.conf', 0],
    ])
    expect(saved.present).toEqual([
      '/lib/systemd/system/ipvsadm.service',
      '/usr/lib/systemd/system/ipvsadm.service',
      '/etc/init.d/ipvsadm',
      '/etc/systemd/system/multi-user.target.wants/ipvsadm.service',
    ])
  })

  it('reads those of Debian 12, with its init script started at four levels', () => {
    const { present, sysctlFiles } = savedOf(FILE_TREES.bookworm)
    expect(present).toEqual([
      '/etc/init.d/ipvsadm',
      ...['2', '3', '4', '5'].map((level) => `/etc/rc${level}.d/S01ipvsadm`),
    ])
    expect(sysctlFiles.map(({ path }) => path)).toContain('/etc/sysctl.d/99-sysctl.conf')
  })

  it('reads sysctl files of a /lib that is a folder of its own, and not twice of one that is a link', () => {
    const paths = (tree: FileTree) => savedOf(tree).sysctlFiles.map(({ path }) => path)
    expect(paths(FILE_TREES.alpine)).toEqual(['/etc/sysctl.conf', '/lib/sysctl.d/00-alpine.conf'])
    expect(paths(FILE_TREES.rhel9).filter((path) => path.endsWith('50-redhat.conf'))).toEqual([
      '/usr/lib/sysctl.d/50-redhat.conf',
    ])
  })
})

describe('a file in its place', () => {
  const path = '/etc/ipvsadm.rules'
  const fileOf = (changes: Partial<SavedSections>) => parseSaved(sections(changes)).files[path]

  it.each([
    ['without a final line feed', '-A -t 192.0.2.1:80 -s rr'],
    ['with carriage returns and control characters', '# \u001b[1m\r\n\t\u200e\r\n'],
    ['that is empty', ''],
  ])('%s keeps its text byte for byte', (_, text) => {
    expect(fileOf({ texts: { [path]: text } })).toEqual({ kind: 'text', text })
  })

  it.each(['# caf\uFFFD\n', '-A\0\n'])(
    'is no text when it is no UTF-8 or holds a NUL: %j',
    (text) => {
      expect(fileOf({ texts: { [path]: text } })).toEqual({ kind: 'not-text' })
    },
  )

  it('that is a link is told with where it leads, and not read', () => {
    const places = `init systemd\nlink ${path} ../srv/my rules\n`
    expect(fileOf({ places })).toEqual({ kind: 'link', target: '../srv/my rules' })
  })

  it('that is a folder or a pipe is no text', () => {
    expect(fileOf({ places: `init systemd\nodd ${path}\n` })).toEqual({ kind: 'not-text' })
  })

  it('that may not be read says why, and is not taken for an absent one', () => {
    const why = 'sudo: a password is required\n'
    expect(fileOf({ refused: { [path]: why } })).toEqual({
      ...{ kind: 'unreadable', why: 'sudo: a password is required' },
    })
    expect(fileOf({ places: `init systemd\nhidden ${path}\n` })).toMatchObject({
      kind: 'unreadable',
    })
    expect(fileOf({})).toBeUndefined()
  })

  it('that only root reads is read with sudo, and unreadable without', () => {
    const { state, savedSections } = createFakeKernel({ files: { [path]: '# ours\n' } })
    state.modes[path] = '600'
    const kindFor = (sudo: boolean) => parseSaved(savedSections('user', sudo)).files[path]?.kind
    expect([kindFor(true), kindFor(false)]).toEqual(['text', 'unreadable'])
  })
})

describe('sysctl files', () => {
  const filesOf = (changes: Partial<SavedSections>) => parseSaved(sections(changes)).sysctlFiles

  it('keep the lines on net.ipv4 however they are written, without comments and other keys', () => {
    const lines = [
      'net.ipv4.conf.all.rp_filter = 1',
      '  -net/ipv4/conf/*/rp_filter=2',
      '-net.ipv4.conf.all.rp_filter',
      'net.ipv4.vs.conntrack=1 # by hand',
    ]
    const others =
      '#net.ipv4.ip_forward=1\n; net.ipv4.ip_forward=1\nnet.ipv6.conf.all.forwarding=1\n'
    const path = '/etc/sysctl.d/a b.conf'
    expect(filesOf({ texts: { [path]: `${others}${lines.join('\r\n')}` } })).toEqual([
      { path, lines },
    ])
  })

  it('are named also where they hide another of their name, or may not be read', () => {
    const places = 'init systemd\nmasked /etc/sysctl.d/50-redhat.conf\n'
    const refused = { '/etc/sysctl.d/90-secret.conf': 'Permission denied\n' }
    expect(filesOf({ places, refused })).toEqual([
      { path: '/etc/sysctl.d/50-redhat.conf', lines: [] },
      { path: '/etc/sysctl.d/90-secret.conf', lines: [], unreadable: 'Permission denied' },
    ])
  })

  it('count our own among them', () => {
    const path = '/etc/sysctl.d/99-zz-tunboard.conf'
    const texts = { [path]: 'net.ipv4.conf.tunl0.rp_filter = 2\n' }
    const saved = parseSaved(sections({ texts }))
    expect(saved.files[path]?.kind).toBe('text')
    expect(saved.sysctlFiles).toEqual([{ path, lines: ['net.ipv4.conf.tunl0.rp_filter = 2'] }])
  })
})

describe('the rest of the read', () => {
  it('takes quotes off and has a name for a host that has none', () => {
    const of = (text: string) => parseSaved(sections({ texts: { '/etc/os-release': text } }))
    expect(of(`ID='opensuse-leap'\nNAME="A \\"B\\""\n`).distribution).toEqual({
      ...{ id: 'opensuse-leap', like: [], version: '', name: 'A "B"' },
    })
    expect(parseSaved(sections()).distribution.id).toBe('linux')
  })

  it('has timeouts only where ipvsadm told them', () => {
    const timeouts = 'Timeout (tcp tcpfin udp): 900 120 300\n'
    expect(parseSaved(sections({ timeouts })).timeouts).toEqual({ tcp: 900, tcpfin: 120, udp: 300 })
    expect(parseSaved(sections())).not.toHaveProperty('timeouts')
    const kernel = createFakeKernel({ modules: { loaded: ['ip_vs'] } })
    kernel.exec(['ipvsadm', '--set', '30', '0', '10'])
    expect(parseSaved(kernel.savedSections()).timeouts).toEqual({ tcp: 30, tcpfin: 120, udp: 10 })
  })

  it.each(['nonsense /etc/x', 'present etc', 'init sysv', ''])('refuses the line %j', (line) => {
    const places = `init systemd\n${line}\n`
    expect(() => parseSaved(sections({ places }))).toThrow(
      expect.objectContaining({ reason: 'unreadable.line' }),
    )
  })

  it('asks the fake host for the paths that a real one is asked for', () => {
    expect(READ_WHOLE).toEqual([...FILES])
    expect(LOOKED_FOR).toEqual([...MARKS])
  })
})
