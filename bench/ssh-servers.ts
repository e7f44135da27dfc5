import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Secret } from '@/lib/secret'
import type { SshTarget } from '@/lib/ssh/target'

/** Real sshd instances of this machine, each on a loopback address of its own, for the user who runs the benchmark. */
export type SshServers = {
  targets: SshTarget[]
  /** Files of the run: the key `id`, `known_hosts`, and whatever a peer needs. */
  folder: string
  port: number
  addresses: string[]
  close(): Promise<void>
}

const SSHD = '/usr/sbin/sshd'

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })

// bash reads its user's .bashrc when sshd starts it at the first level: a developer's one takes 0.1 s, for us and for peers.
const configOf = (folder: string, address: string, port: number) => `ListenAddress ${address}
Port ${port}
HostKey ${folder}/host
AuthorizedKeysFile ${folder}/id.pub
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
MaxStartups 200
MaxSessions 20
SetEnv SHLVL=1
`

function makeKey(file: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
}

/** Starts `count` sshd instances. Throws what to install where there is none. */
export async function startSshServers(count: number): Promise<SshServers> {
  if (!existsSync(SSHD)) throw new Error('This benchmark needs sshd: apt install openssh-server')
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
  const folder = mkdtempSync(join(tmpdir(), 'tunboard-sshd-'))
  makeKey(join(folder, 'host'))
  makeKey(join(folder, 'id'))
  const port = await freePort()
  const addresses = Array.from({ length: count }, (_, at) => `127.0.77.${at + 1}`)
  const children = addresses.map((address) => {
    const config = join(folder, `sshd-${address}`)
    writeFileSync(config, configOf(folder, address, port))
    return spawn(SSHD, ['-D', '-f', config], { stdio: 'ignore' })
  })
  for (const address of addresses) while (!(await answers(address, port))) await sleep(20)
  const hostKey = readFileSync(join(folder, 'host.pub'), 'utf8').trim()
  writeFileSync(
    join(folder, 'known_hosts'),
    addresses.map((address) => `[${address}]:${port} ${hostKey}\n`).join(''),
  )
  const printed = execFileSync('ssh-keygen', ['-lf', join(folder, 'host.pub')], {
    encoding: 'utf8',
  })
  const [, fingerprint = ''] = printed.split(' ')
  const privateKey = new Secret(readFileSync(join(folder, 'id'), 'utf8'))
  return {
    ...{ folder, port, addresses },
    targets: addresses.map((address) => ({
      ...{ hostId: address, name: address, address, port, user: userInfo().username },
      ...{ become: 'root' as const, hostKey: fingerprint },
      auth: { kind: 'key' as const, privateKey },
    })),
    async close() {
      for (const child of children) child.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
