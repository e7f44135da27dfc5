import { execFile, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HostUndo } from '@/lib/lvs/timed-undo'
import {
  armCommand,
  clearUndoCommand,
  confirmCommand,
  NOT_ARMED,
  UNDO_FOLDER,
  undoNowCommand,
  undoScript,
} from './undo-script'

const here = [
  { file: '/bin/dash', args: [] as string[] },
  { file: '/bin/bash', args: ['--posix'] },
  { file: '/bin/busybox', args: ['sh'] },
].filter(({ file }) => existsSync(file))

const run = promisify(execFile)
const undo: HostUndo = {
  ...{ hostId: 'h', hostName: 'h' },
  guards: [],
  delaySeconds: 0,
  devices: [],
}

let scratch: string
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'tunboard-undo-'))
})
afterEach(() => rmSync(scratch, { recursive: true, force: true }))

describe.each(here)('a timed undo with $file', ({ file, args }) => {
  const folder = () => join(scratch, 'run')
  /** On a host it is in /run; here in a folder of the test, and systemd is left out. */
  const here = (text: string) =>
    text
      .replaceAll(UNDO_FOLDER, folder())
      .replaceAll('/run/systemd/system', '/nowhere')
      .replaceAll('/usr/local/sbin', join(scratch, 'bin'))
      .replaceAll('/proc/net/ip_vs', join(scratch, 'ip_vs'))
      .replaceAll('/sys/class/net', join(scratch, 'net'))
      .replaceAll('/sys/module', join(scratch, 'module'))
  const shell = (argv: readonly string[], input = '') => {
    const [, ...words] = argv
    const done = spawnSync(file, [...args, ...words.map(here)], {
      ...{ input, encoding: 'utf8' },
      // without SHLVL, bash takes itself for a login by rsh(1) and reads ~/.bashrc
      env: {
        NODE_ENV: 'test',
        SHLVL: '1',
        PATH: `${join(scratch, 'bin')}:/usr/sbin:/usr/bin:/sbin:/bin`,
      },
    })
    return { exit: done.status, out: done.stdout.trim(), err: done.stderr }
  }
  const arm = (id: string, seconds: number, of = undo) =>
    shell(armCommand(id, seconds, 'token', of), here(undoScript(of)))
  const names = () => (existsSync(folder()) ? readdirSync(folder()).sort() : [])

  it('says its deadline, fires, and leaves when it had ended', async () => {
    const { exit, out } = arm('a1', 1)
    expect(exit).toBe(0)
    expect(names()).toEqual([`armed.a1.${out}`])
    while (names()[0]?.startsWith('undone') !== true) await sleep(50)
    expect(names()[0]).toMatch(new RegExp(`^undone\\.a1\\.${out}\\.\\d+$`))
    expect(Number(names()[0]?.split('.')[3]) - Number(out)).toBeLessThanOrEqual(2)
    expect(shell(clearUndoCommand('a1')).exit).toBe(0)
    expect(existsSync(folder())).toBe(false)
  })

  it('is taken away whole by a confirmation, and then finds nothing to do', () => {
    arm('a2', 60)
    expect(shell(confirmCommand('a2'))).toMatchObject({ exit: 0, err: '' })
    expect(existsSync(folder())).toBe(false)
    expect(shell(confirmCommand('a2')).exit).toBe(NOT_ARMED)
    expect(shell(undoNowCommand('a2')).exit).toBe(NOT_ARMED)
  })

  it('is one at a time', () => {
    arm('a3', 60)
    expect(arm('b3', 60)).toMatchObject({ exit: NOT_ARMED })
    expect(names()).toHaveLength(1)
    expect(shell(undoNowCommand('a3')).exit).toBe(0)
    expect(names()[0]).toMatch(/^undone\.a3\./)
    expect(arm('b3', 60).exit).toBe(0)
    shell(confirmCommand('b3'))
  })

  it('says so where something could not be put back', () => {
    const failing: HostUndo = { ...undo, guards: [['false']] }
    arm('a4', 60, failing)
    shell(undoNowCommand('a4'))
    expect(names()[0]).toMatch(/^partly\.a4\./)
  })

  /** A program that the script finds first, and that writes down what it was told. */
  const program = (name: string, body: string) => {
    mkdirSync(join(scratch, 'bin'), { recursive: true })
    const text = `#!/bin/sh\necho "${name} $*" >>"${join(scratch, 'told')}"\n${body}\n`
    writeFileSync(join(scratch, 'bin', name), text, { mode: 0o755 })
  }
  const told = (pattern: RegExp) => {
    const all = existsSync(join(scratch, 'told')) ? readFileSync(join(scratch, 'told'), 'utf8') : ''
    return all.split('\n').filter((each) => pattern.test(each))
  }
  const undone = (id: string, guards: HostUndo['guards'], devices: readonly string[] = []) => {
    arm(id, 60, { ...undo, guards, devices })
    shell(undoNowCommand(id))
    return names()[0]?.split('.')[0]
  }

  // captured from ipvsadm 1.31 on Linux 6.1
  const TABLE = `-A -t [fd00::100]:80 -s rr
-a -t [fd00::100]:80 -r [fd00::2]:80 -g -w 1
-A -f 7 -s wlc
-A -f 7 -6 -s rr
-a -f 7 -6 -r [fd00::2]:80 -i -w 1 --tun-type ipip
-A -f -294967296 -s wlc
-a -f -294967296 -r 10.0.0.2:0 -i -w 1 --tun-type ipip`

  it('knows a mark of IPv4 from the same one of IPv6, and takes no address for a pattern', () => {
    writeFileSync(join(scratch, 'ip_vs'), '')
    program('ipvsadm', `[ "$1" != -S ] || cat <<'@'\n${TABLE}\n@`)
    const state = undone('a6', [
      ['u_entry_del', '-f 7 -6', '[fd00::2]:80', '1'],
      ['u_entry_del', '-f 7', '[fd00::2]:80', '1'],
      ['u_entry_edit', '-t [fd00::100]:80', '[fd00::2]:80', '1', '-g', '-w', '5'],
      ['u_service_del', '-f 7', 'wlc'],
      ['u_service_edit', '-f 7 -6', 'rr', '-s', 'sh', '-b', 'sh-fallback'],
      ['u_service_edit', '-f 7', 'rr', '-s', 'sh'],
      ['u_service_add', '-f 17', '-s', 'rr'],
    ])
    expect(state).toBe('undone')
    expect(told(/ipvsadm -[^S]/)).toEqual([
      'ipvsadm -d -f 7 -6 -r [fd00::2]:80',
      'ipvsadm -e -t [fd00::100]:80 -r [fd00::2]:80 -g -w 5',
      'ipvsadm -D -f 7',
      'ipvsadm -E -f 7 -6 -s sh -b sh-fallback',
      'ipvsadm -A -f 17 -s rr',
    ])
  })

  it('finds a mark that is printed as a negative number, and gives commands the one that they take', () => {
    writeFileSync(join(scratch, 'ip_vs'), '')
    program('ipvsadm', `[ "$1" != -S ] || cat <<'@'\n${TABLE}\n@`)
    const state = undone('c1', [
      ['u_entry_del', '-f 4000000000', '10.0.0.2:0', '1'],
      ['u_service_edit', '-f 4000000000', 'wlc', '-s', 'rr'],
      ['u_service_add', '-f 4000000000', '-s', 'rr'],
      ['u_service_del', '-f 4000000000 -6', 'wlc'],
    ])
    expect(state).toBe('undone')
    expect(told(/ipvsadm -[^S]/)).toEqual([
      'ipvsadm -d -f 4000000000 -r 10.0.0.2:0',
      'ipvsadm -E -f 4000000000 -s rr',
    ])
  })

  it('does not ask ipvsadm where there is no table: that would load one', () => {
    program('ipvsadm', 'exit 1')
    expect(undone('a7', [['u_entry_del', '-t 10.0.0.1:80', '10.0.0.2:80', '1']])).toBe('undone')
    expect(told(/ipvsadm/)).toEqual([])
  })

  // busybox's shell prefers an ip(8) and a modprobe(8) of its own to those here
  const itWithPrograms = it.skipIf(file === '/bin/busybox')
  itWithPrograms.each([
    { other: '1', name: 'eth0', state: 'undone', times: 1 },
    { other: '768', name: 'mytunnel', state: 'partly', times: 0 },
  ])('unloads ipip beside $name: $times', ({ other, name, state, times }) => {
    for (const folder of [`net/${name}`, 'module/ipip'])
      mkdirSync(join(scratch, folder), { recursive: true })
    writeFileSync(join(scratch, 'net', name, 'type'), `${other}\n`)
    program('modprobe', 'exit 0')
    expect(undone('b1', [['u_module_unload', 'ipip']])).toBe(state)
    expect(told(/modprobe -r ipip/)).toHaveLength(times)
  })

  it('leaves a service that has got an entry of somebody else, and says so', () => {
    writeFileSync(join(scratch, 'ip_vs'), '')
    program('ipvsadm', `[ "$1" != -S ] || cat <<'@'\n${TABLE}\n@`)
    expect(undone('a8', [['u_service_del', '-t [fd00::100]:80', 'rr']])).toBe('partly')
    expect(told(/ipvsadm -D/)).toEqual([])
  })

  itWithPrograms(
    'gives a device its routes back; one that the kernel made again by itself is no failure',
    () => {
      mkdirSync(join(scratch, 'net', 'tunl0'), { recursive: true })
      writeFileSync(join(scratch, 'net', 'tunl0', 'flags'), '0x80\n')
      // `ip route add` of what is there: RTNETLINK answers: File exists
      program(
        'ip',
        `case "$*" in
      "route show"*|"-o route show"*) echo '10.77.0.0/24 scope link '; echo '10.78.0.0/24 via 10.77.0.1 ';;
      "-6 route show"*|"-o -6 route show"*) echo 'fe80::/64 proto kernel metric 256 pref medium';;
      "-6 route add"*) exit 2;;
      esac`,
      )
      expect(undone('a9', [['u_link_up', 'tunl0']], ['tunl0'])).toBe('undone')
      expect(told(/ip (link|route add)/)).toEqual([
        'ip link set dev tunl0 up',
        'ip route add 10.77.0.0/24 scope link dev tunl0',
        'ip route add 10.78.0.0/24 via 10.77.0.1 dev tunl0',
      ])
    },
  )

  it('of two at once, the timer and a person who confirms, exactly one wins', async () => {
    for (let round = 0; round < 8; round += 1) {
      arm('a5', 60)
      const command = (argv: string[]) => {
        const [, ...words] = argv
        return run(file, [...args, ...words.map(here)]).then(
          () => 'won',
          () => 'lost',
        )
      }
      const ends = await Promise.all([command(confirmCommand('a5')), command(undoNowCommand('a5'))])
      expect(ends.sort()).toEqual(['lost', 'won'])
      shell(clearUndoCommand('a5'))
    }
  })
})
