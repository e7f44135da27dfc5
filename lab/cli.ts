import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cacheFolder, type Suite } from './image'
import { type Lab, openLab, startLab } from './lab'
import { isNodeName, type NodeName } from './nodes'
import { sshArguments, type User } from './shell'
import type { Init } from './state'

const usage = `npm run lab -- up                      builds the image when needed and boots five nodes
npm run lab -- status                  lists the nodes
npm run lab -- ssh NODE [command]      opens a shell, or runs a command
npm run lab -- reboot NODE             shuts down and boots again
npm run lab -- off NODE | on NODE      pulls the plug, puts it back
npm run lab -- traffic 10/s | stop     requests from the client to 172.25.254.100
npm run lab -- down                    shuts all nodes down, keeps their disks

NODE      director server2 server3 server4 client
--suite   bookworm (default) or trixie          --init   quick (default) or systemd
--base    ports begin after it (2200)           --run    folder for disks and logs
--memory  of each node (192M)                   --user   root (default), student or narrow, for ssh`

type Options = ReturnType<typeof readArguments>

/** Reads options up to the node of `ssh`; what follows it is the command and stays as it is. */
function readArguments(argv: string[]) {
  const ssh = argv.indexOf('ssh')
  const own = ssh === -1 ? argv : argv.slice(0, ssh + 2)
  const { values, positionals } = parseArgs({
    args: own,
    allowPositionals: true,
    options: {
      suite: { type: 'string', default: 'bookworm' },
      init: { type: 'string', default: 'quick' },
      base: { type: 'string', default: '2200' },
      run: { type: 'string' },
      memory: { type: 'string', default: '192M' },
      user: { type: 'string', default: 'root' },
    },
  })
  const [verb, word] = positionals
  return {
    verb,
    word,
    command: ssh === -1 ? [] : argv.slice(ssh + 2),
    suite: oneOf<Suite>(values.suite, ['bookworm', 'trixie']),
    init: oneOf<Init>(values.init, ['quick', 'systemd']),
    user: oneOf<User>(values.user, ['root', 'student', 'narrow']),
    base: Number(values.base),
    memory: values.memory,
    run: values.run ?? join(cacheFolder(), `run-${values.base}`),
  }
}

function oneOf<Word extends string>(word: string, words: readonly Word[]): Word {
  const found = words.find((one) => one === word)
  if (found === undefined) throw new Error(`${word} is none of ${words.join(', ')}.`)
  return found
}

function nodeIn(options: Options): NodeName {
  if (options.word === undefined || !isNodeName(options.word)) throw new Error(usage)
  return options.word
}

const verbs: Record<string, (options: Options) => Promise<void>> = {
  up: async (options) => {
    await startLab({ ...options, onProgress: console.log })
    console.log(`The lab is up. Its files are in ${options.run}.`)
  },
  down: async ({ run }) => {
    await (await openLab(run)).stop()
    console.log('The lab is down. Its disks are kept.')
  },
  status: async ({ run }) => showStatus(await openLab(run)),
  ssh: async (options) => openShell(await openLab(options.run), options),
  reboot: async (options) => (await openLab(options.run)).reboot(nodeIn(options)),
  off: async (options) => (await openLab(options.run)).powerOff(nodeIn(options)),
  on: async (options) => (await openLab(options.run)).powerOn(nodeIn(options)),
  traffic: async ({ run, word }) => {
    const lab = await openLab(run)
    if (word === 'stop') return await lab.stopTraffic()
    const perSecond = Number.parseFloat(word ?? '')
    if (!(perSecond > 0)) throw new Error('Say how many requests: traffic 10/s, or traffic stop.')
    await lab.startTraffic({ perSecond })
  },
}

function showStatus(lab: Lab): void {
  for (const node of Object.values(lab.nodes)) {
    const power = lab.isOn(node.name) ? 'on' : 'off'
    console.log(
      `${node.name.padEnd(9)}${power.padEnd(4)} ${node.lan.padEnd(15)} 127.0.0.1:${node.port}`,
    )
  }
  console.log(`key ${lab.keyFile}`)
}

async function openShell(lab: Lab, options: Options): Promise<void> {
  const node = lab.nodes[nodeIn(options)]
  if (node === undefined) throw new Error(`This lab has no ${options.word}.`)
  const login = sshArguments({ run: lab.run, key: lab.keyFile, node, user: options.user })
  const shell = spawn('ssh', [...login, ...options.command], { stdio: 'inherit' })
  process.exitCode = await new Promise<number>((resolve) => {
    shell.on('close', (exit) => resolve(exit ?? 255))
  })
}

async function main(): Promise<void> {
  const options = readArguments(process.argv.slice(2))
  const verb = verbs[options.verb ?? '']
  if (verb === undefined) throw new Error(usage)
  await verb(options)
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
