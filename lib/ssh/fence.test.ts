import { existsSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { Conflict } from '@/lib/errors'
import type { Work } from './batch'
import { assertHeld } from './fence'
import { workInShell } from './run-batch'
import { createShell, type ShellTransport, type WarmShell } from './shell'
import { localShell } from './test-shell'

const here = [
  { file: '/bin/dash', args: [] },
  { file: '/bin/bash', args: ['--posix'] },
  { file: '/bin/busybox', args: ['sh'] },
].filter(({ file }) => existsSync(file))

const open: { shell: WarmShell; transport: ShellTransport }[] = []
afterEach(() => {
  for (const { shell } of open.splice(0)) shell.close()
})

describe.each(here)('the fence with $file', ({ file, args }) => {
  const start = () => {
    const transport = localShell(file, args)
    const shell = createShell(transport)
    open.push({ shell, transport })
    const work = (what: Work, onResult: () => void = () => undefined) =>
      workInShell(shell, what, { sudo: false, onResult })
    const fence = async (way: 'take' | 'check', token = 'f00d', who = "Ada O'Hara: apply www") => {
      const { parts } = await work({ fence: { do: way, token, who } })
      return parts.get('fence')
    }
    return { work, fence, transport }
  }

  it('is held by one at a time, and says by whom', async () => {
    const [ada, bob] = [start(), start()]
    expect(await ada.fence('take')).toMatchObject({ exit: 0 })
    const { parts } = await bob.work({ fence: { do: 'take', token: 'beef', who: 'Bob' } })
    expect(() => assertHeld(parts, 'director', 'fence-held')).toThrow(Conflict)
    expect(() => assertHeld(parts, 'director', 'fence-held')).toThrow(
      /holder=Ada O'Hara: apply www/,
    )
    await ada.work({ give: true })
    expect(await bob.fence('take', 'beef')).toMatchObject({ exit: 0 })
    expect(await ada.fence('check')).toMatchObject({ exit: 75 })
  })

  it('lets commands run for its own token alone', async () => {
    const { work, fence } = start()
    await fence('take')
    const say = { commands: [{ argv: ['printf', 'hello'] }] }
    const own = await work({ ...say, fence: { do: 'check', token: 'f00d', who: 'Ada' } })
    expect(own.results).toMatchObject([{ outcome: 'ran', stdout: 'hello' }])
    const late = await work({ ...say, fence: { do: 'check', token: 'dead', who: 'Ada' } })
    expect(late.results).toMatchObject([{ outcome: 'skipped' }])
    expect(late.parts.get('fence')).toMatchObject({ exit: 75 })
  })

  it('is not handed down to what runs under it', async () => {
    const { work, fence } = start()
    await fence('take')
    const { results } = await work({ commands: [{ argv: ['sh', '-c', 'ls /proc/$$/fd'] }] })
    expect(results[0]?.stdout.split('\n')).not.toContain('9')
  })

  it('falls when the shell that holds it is gone, and not while a batch of it still runs', async () => {
    const [ada, bob] = [start(), start()]
    expect(await ada.fence('take')).toMatchObject({ exit: 0 })
    let ran: () => void = () => undefined
    const under = new Promise<void>((resolve) => {
      ran = resolve
    })
    const batch = { commands: [{ argv: ['true'] }, { argv: ['sleep', '3'] }] }
    const running = ada.work(batch, ran)
    await under
    ada.transport.end() // the connection is gone, the shell still does what it was sent
    expect(await bob.fence('take', 'beef')).toMatchObject({ exit: 75 })
    await running
    expect(await bob.fence('take', 'beef')).toMatchObject({ exit: 0 })
  })

  it('is taken anew by the one who has it', async () => {
    const { fence } = start()
    await fence('take')
    expect(await fence('take', 'cafe')).toMatchObject({ exit: 0 })
    expect(await fence('check')).toMatchObject({ exit: 75 })
    expect(await fence('check', 'cafe')).toMatchObject({ exit: 0 })
  })
})
