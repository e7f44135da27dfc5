import assert from 'node:assert/strict'
import { HAS_MOVED, IS_LINK, purgeFile, putFile, removeFile } from '@/lib/lvs/put-file'
import { backupOf, type Saved, type SavedFile } from '@/lib/lvs/saved'
import type { Command } from './batch'
import type { Clause } from './host-contract'
import { readRunning } from './read-running'
import { runBatch } from './run'
import type { SshTarget } from './target'

/** A file of ours that does nothing at boot while it holds comments alone. */
const PATH = '/etc/modules-load.d/tunboard.conf'
const OLD = '# of the host contract\n'
/** What a careless writer would change: bytes beyond ASCII, carriage returns, controls, no line feed at the end. */
const NEW = '# «ünï» 界\r\n#\t\u001b[1m\n# the end'

async function readSaved(target: SshTarget): Promise<Saved> {
  const { saved } = await readRunning(target, { saved: true })
  assert.ok(saved)
  return saved
}

const fileNow = async (target: SshTarget): Promise<SavedFile | undefined> =>
  (await readSaved(target)).files[PATH]

const put = (before: string | undefined, after: string): Command => ({
  ...{ argv: putFile(PATH, '600', before, after), stdin: after },
  root: true,
})
const asRoot = (...argv: string[]): Command => ({ argv, root: true })

async function exit(target: SshTarget, command: Command): Promise<number | undefined> {
  const [result] = await runBatch(target, [command])
  return result?.exit
}

/** Leaves the host without the file, also after a clause that failed. */
async function withoutFile(target: SshTarget, check: () => Promise<void>): Promise<void> {
  const clear = asRoot('rm', '-f', PATH, backupOf(PATH), `${PATH}.tunboard-new`)
  await runBatch(target, [clear])
  try {
    await check()
  } finally {
    await runBatch(target, [clear])
  }
}

/** What every host does with files, be it the fake one or a real one. */
export const FILE_CLAUSES: readonly Clause[] = [
  {
    name: 'what a reboot would read is read twice alike, and changes nothing else of the read',
    async check(target) {
      const [first, second] = [await readSaved(target), await readSaved(target)]
      assert.deepEqual(second, first)
      assert.equal(first.distribution.id, 'debian')
      assert.ok(first.sysctlFiles.length > 0)
      const { saved: _, ...running } = await readRunning(target, { saved: true })
      const lean = await readRunning(target)
      assert.equal('saved' in lean, false)
      assert.deepEqual(running.modules, lean.modules)
    },
  },
  {
    name: 'a file that was put reads back byte for byte, and the one before it is kept',
    check: (target) =>
      withoutFile(target, async () => {
        assert.equal(await fileNow(target), undefined)
        assert.equal(await exit(target, put(undefined, OLD)), 0)
        assert.deepEqual(await fileNow(target), { kind: 'text', text: OLD })
        assert.equal(await exit(target, put(OLD, NEW)), 0)
        const { files, present } = await readSaved(target)
        assert.deepEqual(files[PATH], { kind: 'text', text: NEW })
        assert.ok(present.includes(backupOf(PATH)))
        assert.equal(await exit(target, put(OLD, NEW)), 0)
      }),
  },
  {
    name: 'a file that changed since it was read is neither written, removed nor purged',
    check: (target) =>
      withoutFile(target, async () => {
        assert.equal(await exit(target, put(undefined, NEW)), 0)
        const others = [removeFile(PATH, OLD), purgeFile(PATH, OLD)]
        const commands = [put(undefined, OLD), ...others.map((argv) => ({ argv, root: true }))]
        for (const command of commands) assert.equal(await exit(target, command), HAS_MOVED)
        assert.deepEqual(await fileNow(target), { kind: 'text', text: NEW })
      }),
  },
  {
    name: 'a symbolic link in the place of a file is told with where it leads, and kept',
    check: (target) =>
      withoutFile(target, async () => {
        assert.equal(await exit(target, asRoot('ln', '-s', '../no where', PATH)), 0)
        assert.deepEqual(await fileNow(target), { kind: 'link', target: '../no where' })
        const others = [removeFile(PATH, OLD), purgeFile(PATH, OLD)]
        const commands = [put(undefined, OLD), ...others.map((argv) => ({ argv, root: true }))]
        for (const command of commands) assert.equal(await exit(target, command), IS_LINK)
        assert.equal((await fileNow(target))?.kind, 'link')
      }),
  },
  {
    name: 'a file that was removed leaves its backup, and one that was purged leaves nothing',
    check: (target) =>
      withoutFile(target, async () => {
        assert.equal(await exit(target, put(undefined, OLD)), 0)
        const remove = { argv: removeFile(PATH, OLD), root: true }
        assert.equal(await exit(target, remove), 0)
        assert.equal(await exit(target, remove), 0)
        const { files, present } = await readSaved(target)
        assert.equal(files[PATH], undefined)
        assert.ok(present.includes(backupOf(PATH)))
        assert.equal(await exit(target, put(undefined, NEW)), 0)
        assert.equal(await exit(target, { argv: purgeFile(PATH, NEW), root: true }), 0)
        const after = await readSaved(target)
        assert.equal(after.files[PATH], undefined)
        assert.equal(after.present.includes(backupOf(PATH)), false)
      }),
  },
]
