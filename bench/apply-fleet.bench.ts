import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { closeAll, connectHost } from '@/lib/ssh/client'
import { readRunning } from '@/lib/ssh/read-running'
import { runBatch, runFenced } from '@/lib/ssh/run'
import type { SshTarget } from '@/lib/ssh/target'
import type { Bench, Row } from './figure'
import { type SshServers, startSshServers } from './ssh-servers'

const SIZES = [1, 10, 50] as const
const MOST = 50
/** How many times faster than Ansible, connected and connecting first; and at most how much of ControlMaster's time. */
const GOALS = { connected: 100, connecting: 25, master: 1 }

const run = promisify(execFile)
type Timed = { connected: number; connecting: number }

/** Five changes of a host in a folder of its own: each is one command, none is harmful. */
const changesOf = (folder: string): string[][] => [
  ['mkdir', '-p', `${folder}/etc`],
  ['touch', `${folder}/etc/one`],
  ['cp', `${folder}/etc/one`, `${folder}/etc/two`],
  ['ln', '-sf', 'two', `${folder}/etc/three`],
  ['chmod', '600', `${folder}/etc/two`],
]

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}

const least = async (rounds: number, work: () => Promise<number>): Promise<number> => {
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) times.push(await work())
  return Math.min(...times)
}

type World = { servers: SshServers; scratch: string }

const folderOf = ({ scratch }: World, { name }: SshTarget) => join(scratch, name)

/** All five must have been done on each host, whoever did it. */
function check(world: World, targets: readonly SshTarget[]): void {
  for (const target of targets) {
    const found = readdirSync(join(folderOf(world, target), 'etc'))
      .sort()
      .join(' ')
    if (found !== 'one three two') throw new Error(`${target.name} has only: ${found}`)
    rmSync(folderOf(world, target), { recursive: true })
  }
}

async function batchOn(world: World, target: SshTarget): Promise<void> {
  const commands = changesOf(folderOf(world, target)).map((argv) => ({ argv, root: true }))
  const results = await runBatch(target, commands)
  if (results.some(({ exit }) => exit !== 0)) throw new Error(`${target.name} failed`)
}

/** Our executor's exchanges: fence and reading, the batch read back, reading and giving the fence. */
async function applyOn(world: World, target: SshTarget): Promise<void> {
  const commands = changesOf(folderOf(world, target)).map((argv) => ({ argv, root: true }))
  await readRunning(target)
  await runFenced(target, commands, { fence: { token: 'x', who: 'bench' }, saved: false }).catch(
    // these hosts share one machine, so one /run: all but one would find its fence held
    () => runBatch(target, commands),
  )
  await readRunning(target)
}

async function ours(
  world: World,
  targets: readonly SshTarget[],
  work: (world: World, target: SshTarget) => Promise<void>,
): Promise<Timed> {
  const all = () => Promise.all(targets.map((target) => work(world, target)))
  const connecting = await least(2, async () => {
    await closeAll()
    const ms = await timed(all)
    check(world, targets)
    return ms
  })
  await Promise.all(targets.map((target) => connectHost(target)))
  const connected = await least(3, async () => {
    const ms = await timed(all)
    check(world, targets)
    return ms
  })
  return { connected, connecting }
}

const sshOptions = ({ servers: { folder, port } }: World): string[] => [
  ...['-F', 'none', '-i', `${folder}/id`, '-p', String(port), '-o', 'IdentitiesOnly=yes'],
  ...['-o', `UserKnownHostsFile=${folder}/known_hosts`, '-o', 'StrictHostKeyChecking=yes'],
  ...['-o', 'ControlMaster=auto', '-o', `ControlPath=${folder}/cm-%h`, '-o', 'ControlPersist=60'],
]

async function endMasters(world: World, targets: readonly SshTarget[]): Promise<void> {
  await Promise.all(
    targets.map(({ address }) =>
      run('ssh', [...sshOptions(world), '-O', 'exit', address]).catch(() => undefined),
    ),
  )
}

/** One ssh(1) for each host, all five commands in its one line. */
async function master(world: World, targets: readonly SshTarget[]): Promise<Timed> {
  const all = () =>
    Promise.all(
      targets.map((target) => {
        const line = changesOf(folderOf(world, target))
          .map((argv) => argv.join(' '))
          .join(' && ')
        return run('ssh', [...sshOptions(world), `${userInfo().username}@${target.address}`, line])
      }),
    )
  const one = async () => {
    const ms = await timed(all)
    check(world, targets)
    return ms
  }
  const connecting = await one()
  const connected = await least(3, one)
  await endMasters(world, targets)
  return { connected, connecting }
}

function writePlaybook({ servers: { folder, port }, scratch }: World, hosts: readonly SshTarget[]) {
  const lines = hosts.map(({ address }) => `${address} ansible_host=${address}\n`)
  writeFileSync(join(folder, 'hosts'), lines.join(''))
  const tasks = changesOf(`${scratch}/{{ inventory_hostname }}`).map(
    (argv) => `    - command: ${JSON.stringify(argv.join(' '))}\n`,
  )
  writeFileSync(
    join(folder, 'play.yml'),
    `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.join('')}`,
  )
  writeFileSync(
    join(folder, 'ansible.cfg'),
    `[defaults]\nforks = ${MOST}\nremote_port = ${port}\nprivate_key_file = ${folder}/id\ninterpreter_python = /usr/bin/python3\n[ssh_connection]\npipelining = True\ncontrol_path = ${folder}/an-%%h\nssh_args = -F none -o ControlMaster=auto -o ControlPersist=60 -o UserKnownHostsFile=${folder}/known_hosts\n`,
  )
}

/** A play of five commands with pipelining and ControlPersist: the second run finds its connections. */
async function ansible(world: World, targets: readonly SshTarget[]): Promise<Timed> {
  const { folder } = world.servers
  writePlaybook(world, targets)
  const env = { ...process.env, ANSIBLE_CONFIG: join(folder, 'ansible.cfg'), ANSIBLE_NOCOWS: '1' }
  const one = async () => {
    const play = ['-i', join(folder, 'hosts'), join(folder, 'play.yml')]
    const ms = await timed(() => run('ansible-playbook', play, { env, maxBuffer: 1e8 }))
    check(world, targets)
    return ms
  }
  return { connecting: await one(), connected: await one() }
}

const rowOf = (hosts: number, way: string, { connected, connecting }: Timed): Row => ({
  ...{ hosts, way, 'ms connected': Math.round(connected) },
  'ms connecting first': Math.round(connecting),
})

async function measure(world: World, hosts: number) {
  const targets = world.servers.targets.slice(0, hosts)
  const batch = await ours(world, targets, batchOn)
  const apply = await ours(world, targets, applyOn)
  await closeAll()
  const byMaster = await master(world, targets)
  const byAnsible = await ansible(world, targets)
  const rows = [
    rowOf(hosts, 'Tunboard, the five commands', batch),
    rowOf(hosts, 'Tunboard, with reading before, back and after', apply),
    rowOf(hosts, 'OpenSSH ControlMaster, one line', byMaster),
    rowOf(hosts, 'Ansible, pipelining and ControlPersist', byAnsible),
  ]
  return { rows, batch, byMaster, byAnsible }
}

async function compare(world: World) {
  const rows: Row[] = []
  let last: Awaited<ReturnType<typeof measure>> | undefined
  for (const hosts of SIZES) {
    last = await measure(world, hosts)
    rows.push(...last.rows)
  }
  if (last === undefined) throw new Error('nothing was measured')
  const { batch, byMaster, byAnsible } = last
  const times = byAnsible.connected / batch.connected
  const first = byAnsible.connecting / batch.connecting
  const pass =
    times >= GOALS.connected &&
    first >= GOALS.connecting &&
    batch.connected <= byMaster.connected * GOALS.master
  const summary = { hosts: MOST, way: `${times.toFixed(0)}x and ${first.toFixed(0)}x of Ansible` }
  return {
    rows: [...rows, summary],
    result: {
      ...{ ours: Math.round(batch.connected), peer: Math.round(byAnsible.connected), unit: 'ms' },
      ...{ ratio: Number(times.toFixed(1)), goal: GOALS.connected, pass },
    },
  }
}

export const figure: Bench = {
  name: 'apply-fleet',
  about:
    'five root changes on 1, 10 and 50 real sshd of this machine, against Ansible and OpenSSH ControlMaster',
  async run() {
    if (!existsSync('/usr/bin/ansible-playbook'))
      throw new Error('This benchmark needs Ansible: apt install ansible-core')
    const servers = await startSshServers(MOST)
    const world = { servers, scratch: join(servers.folder, 'scratch') }
    mkdirSync(world.scratch)
    try {
      return await compare(world)
    } finally {
      await closeAll()
      await endMasters(world, servers.targets)
      await servers.close()
    }
  },
}
