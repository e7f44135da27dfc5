import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseSaved, type SavedSections } from '@/lib/lvs/parse-saved'
import type { Saved } from '@/lib/lvs/saved'
import { findShells } from '@/lib/testing/faulty-shell'
import { FILE_CAP } from './prelude-saved'
import { readSavedIn } from './read-running'
import { createShell, type ShellTransport, type WarmShell } from './shell'
import { localShell } from './test-shell'

/** The folders that the read names, as the script writes them. */
const FOLDERS = /(?<=[\s'"=])\/(?:etc|run|lib|usr\/lib|usr\/local\/lib|var\/lib)(?=[/ ])/g

let root: string
let shells: WarmShell[] = []
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'saved-read-'))
})
afterEach(() => {
  for (const shell of shells) shell.close()
  shells = []
  rmSync(root, { recursive: true })
})

function place(path: string): string {
  const inRoot = join(root, path)
  mkdirSync(dirname(inRoot), { recursive: true })
  return inRoot
}
const file = (path: string, bytes: string | Buffer) => writeFileSync(place(path), bytes)
const link = (path: string, target: string) => symlinkSync(target, place(path))

/** Has a shell read below the folder of this test instead of below /. */
function chrooted(transport: ShellTransport): ShellTransport {
  return {
    ...transport,
    write: (text) => transport.write(text.replace(FOLDERS, (path) => root + path)),
  }
}

const withoutRoot = (of: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(of).map(([path, text]) => [path.replace(root, ''), text]))

describe.each(findShells())('the read of files under $name', (which) => {
  async function read(): Promise<Saved> {
    const shell = createShell(chrooted(localShell(which.file, which.args)))
    shells.push(shell)
    const read = await readSavedIn(shell, 'here', false)
    if (typeof read !== 'object') throw new Error(read)
    const sections: SavedSections = {
      places: read.places.replaceAll(root, ''),
      texts: withoutRoot(read.texts),
      refused: withoutRoot(read.refused),
      timeouts: read.timeouts,
    }
    return parseSaved(sections)
  }

  it('finds nothing on a disk without any of them', async () => {
    expect(await read()).toEqual({
      distribution: { id: 'linux', like: [], version: '', name: 'linux' },
      ...{ init: 'other', files: {}, sysctlFiles: [], present: [] },
    })
  })

  it('gives each text byte for byte, whatever is in it', async () => {
    const texts = {
      '/etc/default/ipvsadm': 'AUTO="true"',
      '/etc/ipvsadm.rules': '',
      '/etc/modules': '\n\n# «ünï» 界\r\n\t\u001b[1m\u200e\n\n',
      '/etc/systemd/system/tunboard.service': '@@f00d E places 0\n\n@@f00d END\n',
    }
    for (const [path, text] of Object.entries(texts)) file(path, text)
    file('/etc/sysconfig/ipvsadm', Buffer.from('# caf\xe9\n', 'latin1'))
    file('/etc/rc.local', '#!/bin/sh\n\0\n')
    const { files } = await read()
    for (const [path, text] of Object.entries(texts))
      expect(files[path]).toEqual({ kind: 'text', text })
    expect(files['/etc/sysconfig/ipvsadm']).toEqual({ kind: 'not-text' })
    expect(files['/etc/rc.local']).toEqual({ kind: 'not-text' })
  })

  it('opens neither a pipe nor a folder, and does not follow a link', async () => {
    execFileSync('mkfifo', [place('/etc/rc.local')], { stdio: 'pipe' })
    mkdirSync(place('/etc/modules/x'))
    link('/etc/ipvsadm.rules', '/dev/zero')
    link('/etc/default/ipvsadm', 'no where')
    expect((await read()).files).toEqual({
      '/etc/default/ipvsadm': { kind: 'link', target: 'no where' },
      '/etc/ipvsadm.rules': { kind: 'link', target: '/dev/zero' },
      '/etc/modules': { kind: 'not-text' },
      '/etc/rc.local': { kind: 'not-text' },
    })
  })

  it('tells of a file that may be run', async () => {
    file('/etc/rc.local', '#!/bin/sh\n')
    expect((await read()).files['/etc/rc.local']).toEqual({ kind: 'text', text: '#!/bin/sh\n' })
    chmodSync(place('/etc/rc.local'), 0o755)
    expect((await read()).files['/etc/rc.local']).toMatchObject({ executable: true })
  })

  it('does not read a file without end', async () => {
    file('/etc/ipvsadm.rules', '')
    truncateSync(place('/etc/ipvsadm.rules'), FILE_CAP + 1)
    file('/etc/modules', 'ipip\n')
    const { files } = await read()
    expect(files['/etc/ipvsadm.rules']).toMatchObject({ kind: 'unreadable' })
    expect(files['/etc/modules']).toEqual({ kind: 'text', text: 'ipip\n' })
  })

  it('reads every sysctl file, through links too, and names those that only hide another', async () => {
    file('/etc/sysctl.conf', 'net.ipv4.ip_forward = 1\n')
    link('/etc/sysctl.d/99-sysctl.conf', '../sysctl.conf')
    link('/etc/sysctl.d/50-redhat.conf', '/dev/null')
    file('/etc/sysctl.d/a b.conf', '-net.ipv4.conf.all.rp_filter\n')
    file('/run/sysctl.d/x.conf', 'kernel.sysrq = 1\n')
    file('/lib/sysctl.d/00-alpine.conf', 'net.ipv4.conf.all.rp_filter = 1\n')
    expect((await read()).sysctlFiles).toEqual([
      { path: '/etc/sysctl.conf', lines: ['net.ipv4.ip_forward = 1'] },
      { path: '/etc/sysctl.d/50-redhat.conf', lines: [] },
      { path: '/etc/sysctl.d/99-sysctl.conf', lines: ['net.ipv4.ip_forward = 1'] },
      { path: '/etc/sysctl.d/a b.conf', lines: ['-net.ipv4.conf.all.rp_filter'] },
      { path: '/lib/sysctl.d/00-alpine.conf', lines: ['net.ipv4.conf.all.rp_filter = 1'] },
      { path: '/run/sysctl.d/x.conf', lines: [] },
    ])
  })

  it('does not read /lib twice where it is a link to /usr/lib', async () => {
    file('/usr/lib/sysctl.d/50-default.conf', '')
    link('/lib', 'usr/lib')
    expect((await read()).sysctlFiles.map(({ path }) => path)).toEqual([
      '/usr/lib/sysctl.d/50-default.conf',
    ])
  })

  it('tells what starts things, also where a link leads nowhere', async () => {
    mkdirSync(place('/run/systemd/system/x'), { recursive: true })
    link('/etc/systemd/system/multi-user.target.wants/tunboard.service', '/gone')
    link('/etc/rc3.d/S01ipvsadm', '../init.d/ipvsadm')
    file('/etc/ipvsadm.rules.tunboard-bak', '')
    file('/etc/os-release', 'ID=debian\nVERSION_ID="12"\n')
    const { init, present, distribution } = await read()
    expect([init, distribution.id, distribution.version]).toEqual(['systemd', 'debian', '12'])
    expect(present).toEqual([
      '/etc/systemd/system/multi-user.target.wants/tunboard.service',
      '/etc/rc3.d/S01ipvsadm',
      '/etc/ipvsadm.rules.tunboard-bak',
    ])
  })
})
