import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
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
    text.replaceAll(UNDO_FOLDER, folder()).replaceAll('/run/systemd/system', '/nowhere')
  const shell = (argv: readonly string[], input = '') => {
    const [, ...words] = argv
    const done = spawnSync(file, [...args, ...words.map(here)], { input, encoding: 'utf8' })
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
