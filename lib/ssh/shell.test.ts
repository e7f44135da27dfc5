import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { InvalidInput } from '@/lib/errors'
import type { Command } from './batch'
import { readSectionsIn } from './read-running'
import { type CommandResult, runInShell } from './run-batch'
import { createShell, type WarmShell } from './shell'
import { localShell } from './test-shell'

const SHELLS: { file: string; args: string[] }[] = [
  { file: '/bin/sh', args: [] },
  { file: '/bin/dash', args: [] },
  { file: '/bin/bash', args: ['--posix'] },
  { file: '/bin/busybox', args: ['sh'] },
]
const here = SHELLS.filter(({ file }) => existsSync(file))

const open: WarmShell[] = []
function shellOf(file = '/bin/sh', args: readonly string[] = []): WarmShell {
  const shell = createShell(localShell(file, args))
  open.push(shell)
  return shell
}
afterEach(() => {
  for (const shell of open.splice(0)) shell.close()
})

async function run(shell: WarmShell, commands: Command[]): Promise<CommandResult[]> {
  const results = await runInShell(shell, commands, { sudo: false })
  if (results === 'unsent') throw new Error('the shell is gone')
  return results
}
const printf = (...argv: string[]) => ({ argv: ['printf', ...argv] })
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

describe.each(here)('the warm channel with $file', ({ file, args }) => {
  it('keeps output, errors and exits of each command apart', async () => {
    const script = 'printf out; printf err >&2; exit 3'
    const results = await run(shellOf(file, args), [
      printf('%s', 'one'),
      { argv: ['sh', '-c', script], mayFail: true },
      printf('%s\\n', 'three'),
    ])
    expect(results).toMatchObject([
      { exit: 0, outcome: 'ran', stdout: 'one', stderr: '' },
      { exit: 3, outcome: 'ran', stdout: 'out', stderr: 'err' },
      { exit: 0, outcome: 'ran', stdout: 'three\n', stderr: '' },
    ])
  })

  it('stops at the first failure and skips the rest', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tunboard-'))
    const results = await run(shellOf(file, args), [
      { argv: ['false'] },
      { argv: ['touch', join(folder, 'never')] },
    ])
    expect(results.map(({ exit, outcome }) => [exit, outcome])).toEqual([
      [1, 'ran'],
      [undefined, 'skipped'],
    ])
    expect(existsSync(join(folder, 'never'))).toBe(false)
    rmSync(folder, { recursive: true })
  })

  it('hands a command its standard input and nothing of ours', async () => {
    const stdin = "-A -t 1.1.1.1:80\n$HOME `id` 'x' \\\n"
    const results = await run(shellOf(file, args), [{ argv: ['cat'], stdin }, { argv: ['cat'] }])
    expect(results.map(({ stdout }) => stdout)).toEqual([stdin, ''])
  })

  it('hands a command long standard input as it is, packed from the second exchange on', async () => {
    const lines = Array.from({ length: 2000 }, (_, at) => `-a -t 1.1.1.1:80 -r 10.0.0.${at} é`)
    const cat = { argv: ['md5sum'], stdin: `${lines.join('\n')}\n` }
    const shell = shellOf(file, args)
    const first = await run(shell, [cat])
    expect([shell.packs, first]).toMatchObject([true, [{ exit: 0 }]])
    const second = await run(shell, [cat, { argv: ['cat'] }, { ...cat, argv: ['false'] }])
    expect(second).toMatchObject([{ stdout: first[0]?.stdout }, { stdout: '' }, { exit: 1 }])
  })

  it('ends a command at its time limit and goes on with the channel', async () => {
    const shell = shellOf(file, args)
    const [slow] = await run(shell, [{ argv: ['sleep', '30'], timeoutSeconds: 1 }])
    expect(slow?.outcome).toBe('ran')
    // busybox tells the signal instead
    expect([124, 143]).toContain(slow?.exit)
    expect(await run(shell, [printf('%s', 'next')])).toMatchObject([{ stdout: 'next' }])
  })

  it('runs any words as they are', async () => {
    const shell = shellOf(file, args)
    const word = fc.string({ unit: 'grapheme' }).filter((each) => !/\p{Cc}/u.test(each))
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 5 }), async (words) => {
        const [result] = await run(shell, [printf('%s\\n', ...words)])
        const shown = words.map((each) => each.replace(DIRECTION_MARKS, ''))
        expect(result?.stdout).toBe(`${shown.join('\n')}\n`)
      }),
      { numRuns: 30 },
    )
  })

  it('reads the machine that it runs on', async () => {
    const sections = await readSectionsIn(shellOf(file, args), 'here', false)
    if (typeof sections !== 'object') throw new Error(sections)
    expect(sections.boot).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))
    const grep = 'grep -H . /proc/sys/net/ipv4/conf/*/rp_filter'
    const lines = execFileSync('/bin/sh', ['-c', grep], { encoding: 'utf8' })
    expect(sections.sysctls).toContain(lines)
    expect(sections.tools?.split('\n')).toContain('timeout')
    expect(sections.privilege).toBe(process.getuid?.() === 0 ? 'root\n' : 'none\n')
  })
})

describe('the warm channel', () => {
  it('tells of each result as it ends, before the batch is done', async () => {
    const shell = shellOf()
    const seen: string[] = []
    const batch = runInShell(shell, [printf('1'), printf('2')], {
      sudo: false,
      onResult: (result, index) => seen.push(`${index} ${result.stdout}`),
    })
    await batch
    expect(seen).toEqual(['0 1', '1 2'])
  })

  it('runs exchanges one after the other', async () => {
    const shell = shellOf()
    const both = [1, 2, 3].map((each) => run(shell, [printf('%s', String(each))]))
    const results = await Promise.all(both)
    expect(results.map(([result]) => result?.stdout)).toEqual(['1', '2', '3'])
  })

  it('calls the rest unknown when the shell dies', async () => {
    const shell = shellOf()
    const results = await run(shell, [
      printf('%s', 'before'),
      { argv: ['sh', '-c', 'kill -9 "$(ps -o ppid= -p "$PPID" | tr -d " ")"'], mayFail: true },
      printf('%s', 'after'),
    ])
    expect(results.map(({ outcome }) => outcome)).toEqual(['ran', 'unknown', 'unknown'])
    expect(shell.closed).toBe(true)
    expect(await runInShell(shell, [printf('x')], { sudo: false })).toBe('unsent')
  })

  it('runs nothing of a batch whose end never arrived', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tunboard-'))
    const transport = localShell()
    const closed = new Promise<void>((resolve) => transport.onClose(resolve))
    const shell = createShell({
      ...transport,
      // the connection breaks in the middle of the second command
      write: (text) => transport.write(text.startsWith('{') ? text.slice(0, -30) : text),
      onClose: () => undefined,
    })
    void run(shell, [
      { argv: ['touch', join(folder, 'a')] },
      { argv: ['touch', join(folder, 'b')] },
    ])
    // the exchange is written in the next turn
    await Promise.resolve().then(() => undefined)
    transport.end()
    await closed
    expect(existsSync(join(folder, 'a'))).toBe(false)
    rmSync(folder, { recursive: true })
  })

  it('closes the channel when the answer does not come in time', async () => {
    const shell = shellOf()
    const broken = await shell.exchange({
      script: () => 'sleep 5\n',
      cap: 100,
      deadlineMs: 50,
      onMark: () => undefined,
    })
    expect(broken).toBe('deadline')
    expect(shell.closed).toBe(true)
  })

  it('keeps at most 64 KiB of what a command prints, without its control characters', async () => {
    const [result] = await run(shellOf(), [
      { argv: ['sh', '-c', "printf '\\033[31mred\\n'; head -c 300000 /dev/zero | tr '\\0' x"] },
    ])
    expect(result?.stdout.slice(0, 8)).toBe('[31mred\n')
    expect(result?.stdout.length).toBeLessThan(66_000)
    expect(result).toMatchObject({ exit: 0, outcome: 'ran' })
  })

  it('sends nothing of a batch that holds a control character', async () => {
    const shell = shellOf()
    await expect(run(shell, [printf('x'), { argv: ['echo', 'a\nb'] }])).rejects.toThrow(
      InvalidInput,
    )
    expect(await run(shell, [printf('%s', 'still here')])).toMatchObject([{ stdout: 'still here' }])
  })
})
