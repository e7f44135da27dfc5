import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { type Lab, startLab } from '@/lab/lab'
import { until } from '@/lab/until'
import { HAS_MOVED, NOT_WRITTEN, putFile } from '@/lib/lvs/put-file'
import { closeAll } from '@/lib/ssh/client'
import { quote } from '@/lib/ssh/quote'
import { readRunning } from '@/lib/ssh/read-running'
import { runBatch } from '@/lib/ssh/run'
import type { SshTarget } from '@/lib/ssh/target'
import { asStudent, targetOf } from '@/lib/ssh/test-target'
import type { Case, CaseGroup } from './case'

const FOLDER = '/etc/modules-load.d'
const PATH = `${FOLDER}/tunboard.conf`
const OLD = '# old\n'
const NEW = '# new\n# and longer\n'
const RACES = 10

/** What put-file.ts starts: the plug is pulled before each call of one of them. */
const TOOLS = ['chmod', 'cksum', 'cp', 'flock', 'head', 'mkdir', 'mv', 'rm', 'sync']
/** Waits for the plug at the n-th call. It writes to a memory file system, and syncs nothing. */
const HOLD = (at: number) =>
  `hold() { echo >>/run/held/calls; [ "$(wc -l </run/held/calls)" != ${at} ] || { echo >/run/held/now; sleep 600; }; }; `
const HELD_TOOLS = TOOLS.map((name) => `${name}() { hold; command ${name} "$@"; }; `).join('')

type Server = { lab: Lab; root: SshTarget; student: SshTarget }

async function sh({ lab }: Server, command: string): Promise<string> {
  const { exit, stdout, stderr } = await lab.exec('server2', command)
  if (exit !== 0) throw new Error(`${command}\nended with ${exit}: ${stderr}`)
  return stdout
}

async function begin(server: Server, text: string | undefined): Promise<void> {
  const write = text === undefined ? 'true' : `printf '%s\\n' ${quote([text.trim()])} >${PATH}`
  await sh(server, `rm -f ${PATH}*; ${write}; sync`)
}

async function put(target: SshTarget, before: string | undefined, after: string) {
  const argv = putFile(PATH, '600', before, after)
  const [result] = await runBatch(target, [{ argv, stdin: after, root: true }])
  return result?.exit
}

async function textOf(target: SshTarget): Promise<string | undefined> {
  const { saved } = await readRunning(target, { saved: true })
  const file = saved?.files[PATH]
  if (file === undefined) return undefined
  if (file.kind !== 'text') throw new Error(JSON.stringify(file))
  return file.text
}

const names = (server: Server) => sh(server, `ls -A ${FOLDER}`)

/** Puts where it cannot be done, looks that nothing has changed, and does it again where it can. */
async function hindered(
  server: Server,
  target: SshTarget,
  before: string | undefined,
  way: { hinder: string; free: string },
): Promise<void> {
  await begin(server, before)
  await sh(server, way.hinder)
  const there = await names(server)
  try {
    assert.equal(await put(target, before, NEW), NOT_WRITTEN)
    assert.deepEqual([await textOf(target), await names(server)], [before, there])
  } finally {
    await sh(server, way.free)
  }
  assert.equal(await put(target, before, NEW), 0)
  assert.equal(await textOf(target), NEW)
}

/** One page holds the file that is there, or something else; two more would be needed. */
const FULL = {
  hinder: `mkdir -p /run/keep; cp -a ${FOLDER}/. /run/keep; mount -t tmpfs -o size=8k none ${FOLDER}; [ ! -f /run/keep/tunboard.conf ] || cp -p /run/keep/tunboard.conf ${FOLDER}/; cat /dev/zero >${FOLDER}/filler 2>/dev/null || true`,
  free: `umount ${FOLDER}; rm -rf /run/keep`,
}
const READ_ONLY = {
  hinder: 'mount --bind /etc /etc && mount -o remount,bind,ro /etc',
  free: 'umount /etc',
}

async function twoAtOnce(server: Server): Promise<void> {
  await begin(server, OLD)
  const texts = ['# one\n', '# other\n']
  const targets = [server.root, server.student]
  const exits = await Promise.all(targets.map((target, at) => put(target, OLD, texts[at] ?? '')))
  assert.deepEqual([...exits].sort(), [0, HAS_MOVED])
  assert.equal(await textOf(server.root), texts[exits.indexOf(0)])
}

/** Runs the script with a hold at its n-th tool; 0 = no hold. */
function heldPut({ lab }: Server, before: string | undefined, at: number) {
  const [program = '', flag = '', script = '', ...rest] = putFile(PATH, '600', before, NEW)
  const command = quote([program, flag, HOLD(at) + HELD_TOOLS + script, ...rest])
  const ready = 'mkdir -p /run/held; mount -t tmpfs none /run/held; '
  return lab.exec('server2', ready + command, { input: NEW })
}

async function stepsOf(server: Server, before: string | undefined): Promise<number> {
  await begin(server, before)
  assert.equal((await heldPut(server, before, 0)).exit, 0)
  return Number(await sh(server, 'wc -l </run/held/calls; umount /run/held'))
}

async function pullPlug(server: Server, before: string | undefined, at: number): Promise<void> {
  const { lab, root } = server
  await begin(server, before)
  const cut = heldPut(server, before, at).catch(() => undefined)
  await until(async () => (await lab.exec('server2', 'test -e /run/held/now')).exit === 0, {
    ...{ seconds: 20, otherwise: `Step ${at} was not reached`, everyMs: 100 },
  })
  await lab.powerOff('server2')
  await cut
  await lab.powerOn('server2')
  const now = await textOf(root)
  assert.ok(now === before || now === NEW, `neither old nor new: ${now}`)
  assert.equal(await put(root, now, NEW), 0)
  assert.equal(await textOf(root), NEW)
  assert.doesNotMatch(await names(server), /new/)
}

const befores = [
  ['over a file', OLD],
  ['a new file', undefined],
] as const

function hindrances(server: Server): Case[] {
  const ways = [
    ['disk full', FULL],
    ['read-only /etc', READ_ONLY],
  ] as const
  return ways.flatMap(([way, how]) =>
    befores.flatMap(([what, before]) =>
      (['root', 'student'] as const).map((user) => ({
        name: `${way}, ${what}, as ${user}`,
        run: () => hindered(server, server[user], before, how),
      })),
    ),
  )
}

async function plugs(server: Server): Promise<Case[]> {
  const cases: Case[] = []
  for (const [what, before] of befores) {
    const steps = await stepsOf(server, before)
    for (let at = 1; at <= steps; at++)
      cases.push({
        name: `plug pulled before step ${at} of ${steps}, ${what}`,
        run: () => pullPlug(server, before, at),
      })
  }
  return cases
}

/** A real host of the lab: its disk, its memory, its plug. */
export const hostGroup: CaseGroup = {
  name: 'real host (Debian 12)',
  async with(use) {
    const lab = await startLab({ nodes: ['server2'] })
    try {
      const root = targetOf({
        ...{ name: 'server2', port: lab.nodes.server2?.port ?? 0 },
        fingerprint: await lab.fingerprint('server2'),
        privateKey: readFileSync(lab.keyFile, 'utf8'),
      })
      const server = { lab, root, student: asStudent(root) }
      const races = Array.from({ length: RACES }, (_, at) => ({
        name: `two saves at once over two logins, ${at + 1}`,
        run: () => twoAtOnce(server),
      }))
      await use([...hindrances(server), ...races, ...(await plugs(server))])
    } finally {
      await closeAll()
      await lab.stop()
    }
  },
}
