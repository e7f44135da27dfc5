import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HAS_MOVED, IS_LINK, NOT_WRITTEN, purgeFile, putFile, removeFile } from '@/lib/lvs/put-file'
import { type Fault, findShells, runFaulty, type Shell } from '@/lib/testing/faulty-shell'
import type { Case, CaseGroup } from './case'

const OLD = '# by hand\n-A -t 192.0.2.1:80 -s rr\n'
const NEW = '-A -t 192.0.2.1:80 -s wrr\n-A -t 192.0.2.2:80 -s rr\n'
const BACKUP = 'ipvsadm rules.tunboard-bak'
/** As many as make a lost race likely; each takes 20 ms. */
const RACES = 25

/** A folder with one file in it, or none, made anew for each case. */
class Place {
  readonly folder = mkdtempSync(join(tmpdir(), 'save-faults-'))
  readonly etc = join(this.folder, 'e t c')
  readonly path = join(this.etc, 'ipvsadm rules')
  constructor(readonly shell: Shell) {}

  begin(text: string | undefined): void {
    rmSync(this.etc, { recursive: true, force: true })
    mkdirSync(this.etc)
    if (text !== undefined) writeFileSync(this.path, text)
  }
  text(): string | undefined {
    return existsSync(this.path) ? readFileSync(this.path, 'utf8') : undefined
  }
  names(): string[] {
    return readdirSync(this.etc).sort()
  }
  run(argv: readonly string[], more: { stdin?: string; fault?: Fault; fileLimit?: number } = {}) {
    return runFaulty(this.shell, argv, { folder: this.folder, ...more })
  }
  put(before: string | undefined, after: string, more: { fault?: Fault; fileLimit?: number } = {}) {
    return this.run(putFile(this.path, '600', before, after), { stdin: after, ...more })
  }
}

/** What is done to the file, and what may be there when it was cut off. */
type Work = {
  name: string
  before: string | undefined
  after: string | undefined
  argv: (place: Place) => readonly string[]
}

const WORKS: readonly Work[] = [
  {
    name: 'put over a file',
    before: OLD,
    after: NEW,
    argv: ({ path }) => putFile(path, '600', OLD, NEW),
  },
  {
    name: 'put a new file',
    before: undefined,
    after: NEW,
    argv: ({ path }) => putFile(path, '600', undefined, NEW),
  },
  { name: 'remove', before: OLD, after: undefined, argv: ({ path }) => removeFile(path, OLD) },
  { name: 'purge', before: OLD, after: undefined, argv: ({ path }) => purgeFile(path, OLD) },
]

/** Every place at which the power can fail: before and after each tool that is started, and in the middle of writing. */
async function faultsOf(place: Place, work: Work): Promise<Fault[]> {
  place.begin(work.before)
  const { exit, tools } = await place.run(work.argv(place), { stdin: NEW })
  assert.equal(exit, 0)
  return tools.flatMap((tool, index) => {
    const whens = ['before', 'after', ...(tool === 'head' ? ['half'] : [])] as Fault['when'][]
    return whens.map((when) => ({ at: index + 1, when }))
  })
}

/** Cuts the work off, looks, and does it again from what is there then. */
async function cutOff(place: Place, work: Work, fault: Fault): Promise<void> {
  place.begin(work.before)
  const { exit } = await place.run(work.argv(place), { stdin: NEW, fault })
  assert.equal(exit, null, 'it was not cut off')
  const now = place.text()
  assert.ok(now === work.before || now === work.after, `neither old nor new: ${now}`)
  const again = now === work.before ? work.argv(place) : undefined
  if (again !== undefined) assert.equal((await place.run(again, { stdin: NEW })).exit, 0)
  assert.equal(place.text(), work.after)
  const left = place.names().filter((name) => name.endsWith('new'))
  if (again !== undefined) assert.deepEqual(left, [])
}

async function cuts(place: Place): Promise<Case[]> {
  const cases: Case[] = []
  for (const work of WORKS)
    for (const fault of await faultsOf(place, work))
      cases.push({
        name: `${work.name}: power cut ${fault.when} step ${fault.at}`,
        run: () => cutOff(place, work, fault),
      })
  return cases
}

async function race(place: Place): Promise<void> {
  place.begin(OLD)
  const texts = ['# one\n', '# other\n']
  const both = await Promise.all(texts.map((text) => place.put(OLD, text)))
  assert.deepEqual(both.map(({ exit }) => exit).sort(), [0, HAS_MOVED])
  assert.equal(place.text(), texts[both.findIndex(({ exit }) => exit === 0)])
  assert.deepEqual(place.names(), ['ipvsadm rules', BACKUP])
}

async function noSpace(place: Place, before: string | undefined): Promise<void> {
  place.begin(before)
  const names = place.names()
  const { exit } = await place.put(before, '#\n'.repeat(8192), { fileLimit: 4 })
  assert.equal(exit, NOT_WRITTEN)
  assert.deepEqual([place.text(), place.names()], [before, names])
}

async function editedSince(place: Place): Promise<void> {
  const edited = `${OLD}# one more line\n`
  place.begin(edited)
  for (const { argv } of WORKS)
    assert.equal((await place.run(argv(place), { stdin: NEW })).exit, HAS_MOVED)
  assert.deepEqual([place.text(), place.names()], [edited, ['ipvsadm rules']])
}

async function isLink(place: Place, target: string): Promise<void> {
  place.begin(undefined)
  writeFileSync(join(place.etc, 'target'), OLD)
  symlinkSync(target, place.path)
  for (const { argv } of WORKS)
    assert.equal((await place.run(argv(place), { stdin: NEW })).exit, IS_LINK)
  assert.equal(readFileSync(join(place.etc, 'target'), 'utf8'), OLD)
  assert.deepEqual(place.names(), ['ipvsadm rules', 'target'])
}

async function lessArrives(place: Place, size: number): Promise<void> {
  place.begin(OLD)
  const argv = putFile(place.path, '600', OLD, NEW)
  assert.equal((await place.run(argv, { stdin: NEW.slice(0, size) })).exit, NOT_WRITTEN)
  assert.deepEqual([place.text(), place.names()], [OLD, ['ipvsadm rules']])
}

const others = (place: Place): Case[] => [
  { name: 'disk full, over a file', run: () => noSpace(place, OLD) },
  { name: 'disk full, a new file', run: () => noSpace(place, undefined) },
  { name: 'edited by hand since it was read', run: () => editedSince(place) },
  { name: 'a link to a file in its place', run: () => isLink(place, 'target') },
  { name: 'a link to nowhere in its place', run: () => isLink(place, 'nowhere') },
  ...[0, 1, 40].map((size) => ({
    name: `only ${size} bytes of the text arrive`,
    run: () => lessArrives(place, size),
  })),
  ...Array.from({ length: RACES }, (_, at) => ({
    name: `two at once, ${at + 1}`,
    run: () => race(place),
  })),
]

/** The scripts that write files, under each shell of this machine. */
export const scriptGroups = (): CaseGroup[] =>
  findShells().map((shell) => ({
    name: `script under ${shell.name}`,
    async with(use) {
      const place = new Place(shell)
      try {
        await use([...(await cuts(place)), ...others(place)])
      } finally {
        rmSync(place.folder, { recursive: true })
      }
    },
  }))
