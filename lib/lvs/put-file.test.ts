import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Fault, findShells, runFaulty } from '../testing/faulty-shell'
import { cksum } from './cksum'
import { HAS_MOVED, IS_LINK, NOT_WRITTEN, purgeFile, putFile, removeFile } from './put-file'

const OLD = '# by hand\n-A -t 192.0.2.1:80 -s rr\n'
const NEW = '-A -t 192.0.2.1:80 -s wrr\n-A -t 192.0.2.2:80 -s rr\n'

describe('cksum', () => {
  // printf '…' | cksum, GNU coreutils 9.1
  it.each([
    ['', '4294967295 0'],
    ['hi\n', '1479881546 3'],
  ])('%j is what cksum(1) prints', (text, sum) => {
    expect(cksum(text)).toBe(sum)
  })
})

describe('the commands', () => {
  it('name the script, the path, what was there, the mode and what is to be there', () => {
    const path = '/etc/ipvsadm.rules'
    expect(putFile(path, '600', undefined, NEW).slice(3)).toEqual([
      ...['tunboard-put', path, 'absent', '600', cksum(NEW)],
    ])
    expect(removeFile(path, OLD).slice(3)).toEqual(['tunboard-remove', path, cksum(OLD)])
    expect(purgeFile(path, undefined).slice(3)).toEqual(['tunboard-purge', path, 'absent'])
  })

  it('are one line each, as an argument must be', () => {
    for (const argv of [
      putFile('/a', '644', OLD, NEW),
      removeFile('/a', OLD),
      purgeFile('/a', OLD),
    ])
      expect(argv.join('')).not.toMatch(/\p{Cc}/u)
  })
})

let folder: string
/** A folder with a blank in its name, as any path may have. */
let etc: string
let path: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'put-file-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => {
  etc = join(folder, 'e t c')
  path = join(etc, 'ipvsadm rules')
  rmSync(etc, { recursive: true, force: true })
  mkdirSync(etc)
})

const text = () => readFileSync(path, 'utf8')
const modeOf = (of: string) => statSync(of).mode & 0o777

describe.each(findShells())('under $name', (shell) => {
  const run = (argv: readonly string[], stdin = '', fault?: Fault, fileLimit?: number) =>
    runFaulty(shell, argv, {
      ...{ folder, stdin },
      ...(fault === undefined ? {} : { fault }),
      ...(fileLimit === undefined ? {} : { fileLimit }),
    })
  const put = (before: string | undefined, after = NEW, fault?: Fault) =>
    run(putFile(path, '600', before, after), after, fault)

  it('writes a new file with its mode, in folders that it makes for all to read', async () => {
    path = join(etc, 'a b', 'c.d', 'tunboard.conf')
    expect(await put(undefined)).toMatchObject({ exit: 0, stderr: '' })
    expect([text(), modeOf(path)]).toEqual([NEW, 0o600])
    expect([modeOf(join(etc, 'a b')), modeOf(join(etc, 'a b', 'c.d'))]).toEqual([0o755, 0o755])
    expect(readdirSync(join(etc, 'a b', 'c.d'))).toEqual(['tunboard.conf'])
  })

  it('keeps the mode of an old file, and the old text beside it', async () => {
    writeFileSync(path, OLD)
    chmodSync(path, 0o640)
    expect(await put(OLD)).toMatchObject({ exit: 0, stderr: '' })
    expect([text(), modeOf(path)]).toEqual([NEW, 0o640])
    expect(readFileSync(`${path}.tunboard-bak`, 'utf8')).toBe(OLD)
    expect(readdirSync(etc)).toHaveLength(2)
  })

  it.each(['', 'no line feed', '\n\n', 'ünï — 界\n', '\r\n\t\u001b[1m\n'])(
    'writes %j byte for byte, and no line feed that came with it',
    async (after) => {
      expect(await run(putFile(path, '644', undefined, after), `${after}\n`)).toMatchObject({
        exit: 0,
      })
      expect(text()).toBe(after)
    },
  )

  it('is content when the file has the new text already', async () => {
    writeFileSync(path, NEW)
    expect(await put(OLD)).toMatchObject({ exit: 0, stderr: '' })
    expect(readdirSync(etc)).toHaveLength(1)
  })

  it('does not write over what somebody else wrote since', async () => {
    writeFileSync(path, `${OLD}# one more\n`)
    for (const before of [OLD, undefined])
      expect(await put(before)).toMatchObject({
        exit: HAS_MOVED,
        stderr: expect.stringContaining('is not as it was read'),
      })
    expect(await run(removeFile(path, OLD))).toMatchObject({ exit: HAS_MOVED })
    expect(await run(purgeFile(path, OLD))).toMatchObject({ exit: HAS_MOVED })
    expect(text()).toBe(`${OLD}# one more\n`)
    rmSync(path)
    expect(await put(OLD)).toMatchObject({ exit: HAS_MOVED })
    expect(readdirSync(etc)).toEqual([])
  })

  it('does not follow or replace a symbolic link, wherever it leads', async () => {
    const target = join(etc, 'target')
    writeFileSync(target, OLD)
    for (const to of [target, join(etc, 'nowhere')]) {
      symlinkSync(to, path)
      for (const argv of [
        putFile(path, '600', OLD, NEW),
        removeFile(path, OLD),
        purgeFile(path, OLD),
      ])
        expect(await run(argv, NEW)).toMatchObject({ exit: IS_LINK })
      expect(lstatSync(path).isSymbolicLink()).toBe(true)
      rmSync(path)
    }
    expect(readFileSync(target, 'utf8')).toBe(OLD)
    expect(readdirSync(etc)).toEqual(['target'])
  })

  it('does not touch a folder in the place', async () => {
    mkdirSync(path)
    expect(await put(undefined)).toMatchObject({ exit: IS_LINK })
    expect(await run(purgeFile(path, undefined))).toMatchObject({ exit: IS_LINK })
  })

  it.each([OLD, undefined])(
    'leaves all as it was when the disk is full (before: %j)',
    async (before) => {
      if (before !== undefined) writeFileSync(path, before)
      const long = '#\n'.repeat(8192)
      const argv = putFile(path, '600', before, long)
      expect(await run(argv, long, undefined, 4)).toMatchObject({ exit: NOT_WRITTEN })
      expect(readdirSync(etc)).toEqual(before === undefined ? [] : ['ipvsadm rules'])
      if (before !== undefined) expect(text()).toBe(before)
    },
  )

  it('leaves all as it was when less arrives than was to be written', async () => {
    writeFileSync(path, OLD)
    const argv = putFile(path, '600', OLD, NEW)
    expect(await run(argv, NEW.slice(0, 20))).toMatchObject({ exit: NOT_WRITTEN })
    expect([text(), readdirSync(etc)]).toEqual([OLD, ['ipvsadm rules']])
  })

  it('removes into the backup, and is content when the file is gone', async () => {
    writeFileSync(path, OLD)
    expect(await run(removeFile(path, OLD))).toMatchObject({ exit: 0 })
    expect(readdirSync(etc)).toEqual(['ipvsadm rules.tunboard-bak'])
    expect(await run(removeFile(path, OLD))).toMatchObject({ exit: 0 })
  })

  it('purges a file with every trace, and the folder of drop-ins that it leaves empty', async () => {
    const units = join(etc, 'ipvsadm.service.d')
    path = join(units, 'tunboard.conf')
    expect(await put(undefined)).toMatchObject({ exit: 0 })
    expect(await put(NEW, OLD)).toMatchObject({ exit: 0 })
    writeFileSync(`${path}.tunboard-new`, 'half')
    expect(await run(purgeFile(path, OLD))).toMatchObject({ exit: 0, stderr: '' })
    expect(existsSync(units)).toBe(false)
    expect(await run(purgeFile(path, OLD))).toMatchObject({ exit: 0 })
  })

  it('lets exactly one of two win that read the same text', async () => {
    for (let round = 0; round < 5; round++) {
      writeFileSync(path, OLD)
      const texts = ['# one\n', '# other\n']
      const both = await Promise.all(texts.map((each) => put(OLD, each)))
      expect(both.map(({ exit }) => exit).sort()).toEqual([0, HAS_MOVED])
      expect(text()).toBe(texts[both[0]?.exit === 0 ? 0 : 1])
      expect(readFileSync(`${path}.tunboard-bak`, 'utf8')).toBe(OLD)
    }
  })

  it.each([OLD, undefined])(
    'has the old text or the new one, whenever it is cut off (before: %j)',
    async (before) => {
      const begin = () => {
        rmSync(etc, { recursive: true })
        mkdirSync(etc)
        if (before !== undefined) writeFileSync(path, before)
      }
      const now = () => (existsSync(path) ? text() : undefined)
      begin()
      const { tools } = await put(before)
      const faults = tools.flatMap((tool, index) =>
        (['before', 'after', ...(tool === 'head' ? (['half'] as const) : [])] as const).map(
          (when) => ({
            ...{ at: index + 1, when },
          }),
        ),
      )
      expect(faults.length).toBeGreaterThan(15)
      for (const fault of faults) {
        begin()
        expect(await put(before, NEW, fault)).toMatchObject({ exit: null })
        expect([before, NEW]).toContain(now())
        expect(await put(now())).toMatchObject({ exit: 0, stderr: '' })
        expect(text()).toBe(NEW)
        expect(readdirSync(etc).filter((name) => /new$/.test(name))).toEqual([])
      }
    },
  )
})
