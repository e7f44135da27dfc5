import { execFileSync, spawn } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { createLiveReader, type LiveFrame } from './live-reader'
import { liveScript } from './live-script'
import { PRELUDE } from './prelude'
import { PROBE_SCRIPT } from './probe-script'

/** What the shell says about the text without running it. */
function syntaxOf(script: string): string {
  return execFileSync('/bin/sh', ['-n'], { input: script, encoding: 'utf8' })
}

describe('the scripts that hosts run', () => {
  const live = liveScript({ intervalMs: 2000, totalsEvery: 5, sudo: true })

  it.each([
    ['prelude', PRELUDE],
    ['probe', PROBE_SCRIPT],
    ['live loop', live.script],
  ])('%s is what a POSIX shell can read', (_name, script) => {
    expect(syntaxOf(script)).toBe('')
  })

  it.each([
    ['probe', PROBE_SCRIPT],
    ['live loop', live.script],
  ])('%s without its end prints nothing', (_name, script) => {
    const half = script.slice(0, script.lastIndexOf('\nmain') - 3)
    let printed = ''
    try {
      printed = execFileSync('/bin/sh', { input: half, encoding: 'utf8', stdio: 'pipe' })
    } catch {
      // a shell may call the missing end an error
    }
    expect(printed).toBe('')
  })

  it.each([
    ['prelude', PRELUDE],
    ['probe', PROBE_SCRIPT],
    ['live loop', live.script],
  ])('%s never names tunl0 to ip and never asks ipvsadm for its version', (_name, script) => {
    const code = script.split('\n').filter((line) => !line.trim().startsWith('#'))
    expect(code.filter((line) => /\bip [^|;]*tunl0/.test(line))).toEqual([])
    expect(code.filter((line) => /ipvsadm (-v|-h|--version)/.test(line))).toEqual([])
  })
})

describe('the live loop', () => {
  it('tells its settings in its first line', () => {
    const { script, nonce } = liveScript({ intervalMs: 2500, totalsEvery: 4, sudo: false })
    expect(script.split('\n')[0]).toBe(`# tunboard live 2500 4 ${nonce}`)
    expect(script.trimEnd().split('\n').at(-1)).toBe(`main ${nonce} 2.5 4 plain </dev/null`)
  })

  it('prints frames on a real shell until nobody reads any more', async () => {
    const { script, nonce } = liveScript({ intervalMs: 20, totalsEvery: 2, sudo: false })
    const shell = spawn('/bin/sh', ['-s'], { stdio: ['pipe', 'pipe', 'ignore'] })
    const ended = new Promise((resolve) => shell.on('close', resolve))
    const frames: LiveFrame[] = []
    const push = createLiveReader(nonce, (frame) => {
      frames.push(frame)
      if (frames.length === 3) shell.stdout.destroy()
    })
    shell.stdout.on('data', push)
    shell.stdin.end(script)
    await ended
    expect(frames.slice(0, 3).map(({ tick }) => tick)).toEqual([0, 1, 2])
    expect(frames[0]?.bootId).toMatch(/^[0-9a-f-]{36}$/)
    expect(frames[0]?.uptimeSeconds).toBeGreaterThan(0)
  })
})

describe('createLiveReader', () => {
  const frame = (body: string) => `\n@@f00d tick 4 12.50\n${body}\n@@f00d end 4\n`
  function read(text: string): LiveFrame[] {
    const frames: LiveFrame[] = []
    const push = createLiveReader('f00d', (each) => frames.push(each))
    for (const byte of Buffer.from(`\n@@f00d start b00t\n${text}`)) push(Buffer.from([byte]))
    return frames
  }

  it('gives the table of each tick, and totals where they were read', () => {
    const totals = '\n@@f00d totals 4 12.50\nSTATS\n\n@@f00d exit 4 0\n'
    expect(read(frame(`TABLE\n${totals}`))).toEqual([
      { bootId: 'b00t', tick: 4, uptimeSeconds: 12.5, table: 'TABLE\n', totals: 'STATS\n' },
    ])
  })

  it('gives no table while the module is not loaded', () => {
    expect(read(frame('absent\n'))).toEqual([{ bootId: 'b00t', tick: 4, uptimeSeconds: 12.5 }])
  })

  it('tells what ipvsadm said instead of totals', () => {
    const refusal = '\n@@f00d totals 4 12.50\nsudo: a password is required\n\n@@f00d exit 4 1\n'
    expect(read(frame(`TABLE\n${refusal}`))[0]).toMatchObject({
      denied: { text: 'sudo: a password is required\n', exit: 1 },
    })
  })

  it('keeps a tick that did not arrive whole to itself', () => {
    expect(read('\n@@f00d tick 4 12.50\nTABLE\n')).toEqual([])
  })
})
