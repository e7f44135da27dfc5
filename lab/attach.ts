import { rmSync } from 'node:fs'
import { openImage } from './image'
import type { LabNode, NodeName } from './nodes'
import { cutPower, isOn, powerOnNode, shutDown } from './power'
import { end, recordedNames } from './processes'
import { type ExecResult, execOn, type User } from './shell'
import type { LabState } from './state'
import { startTrafficOn, stopTrafficOn } from './traffic'

export type Lab = {
  run: string
  nodes: Record<string, LabNode>
  /** Private key that root, student and narrow accept. */
  keyFile: string
  /** Runs a command line on a node; throws when the node does not answer SSH. */
  exec(
    node: NodeName,
    command: string,
    options?: { user?: User; input?: string },
  ): Promise<ExecResult>
  /** Reads the fingerprint of a node's host key, as `ssh-keygen -lf` prints it: SHA256:… */
  fingerprint(node: NodeName): Promise<string>
  isOn(node: NodeName): boolean
  /** Pulls the plug: the kernel is gone and its SSH port refuses. */
  powerOff(node: NodeName): Promise<void>
  powerOn(node: NodeName): Promise<void>
  /** Shuts down and boots again; the disk is kept. */
  reboot(node: NodeName): Promise<void>
  /** Starts requests from the client, which go on without us until stopTraffic or the client's reboot. */
  startTraffic(options: { perSecond: number; url?: string }): Promise<void>
  stopTraffic(): Promise<void>
  /** Ends all processes. Disks are kept, unless the run folder was made for this lab alone. */
  stop(): Promise<void>
}

/** Gives the handle of a lab from what its run folder remembers. */
export function attach(run: string, state: LabState): Lab {
  const keyFile = openImage(state.image).key
  const find = (name: NodeName): LabNode => {
    const node = state.nodes.find((one) => one.name === name)
    if (node === undefined) throw new Error(`This lab has no ${name}.`)
    return node
  }
  const exec: Lab['exec'] = (name, command, { user = 'root', input } = {}) =>
    execOn({ run, key: keyFile, node: find(name), user }, command, input)
  const onClient = (command: string) => exec('client', command)
  return {
    run,
    keyFile,
    nodes: Object.fromEntries(state.nodes.map((node) => [node.name, node])),
    exec,
    fingerprint: async (name) =>
      fingerprintIn(await exec(name, 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub')),
    isOn: (name) => isOn(run, find(name)),
    powerOff: (name) => cutPower(run, state, find(name)),
    powerOn: async (name) => {
      if (!isOn(run, find(name))) await powerOnNode(run, state, find(name))
    },
    reboot: async (name) => {
      await shutDown(run, state, find(name))
      await powerOnNode(run, state, find(name))
    },
    startTraffic: ({ perSecond, url = 'http://172.25.254.100/' }) =>
      startTrafficOn(onClient, perSecond, url),
    stopTraffic: () => stopTrafficOn(onClient),
    stop: () => stopAll(run, state),
  }
}

async function stopAll(run: string, state: LabState): Promise<void> {
  const off = state.temporary ? cutPower : shutDown
  await Promise.all(state.nodes.map((node) => off(run, state, node)))
  await Promise.all(recordedNames(run).map((name) => end(run, name, state.image)))
  if (state.temporary) rmSync(run, { recursive: true, force: true })
}

/** Parses `256 SHA256:vQ2… server2 (ED25519)`. */
function fingerprintIn({ stdout }: ExecResult): string {
  const found = stdout.split(' ').find((word) => word.startsWith('SHA256:'))
  if (found === undefined) throw new Error(`ssh-keygen printed no fingerprint: ${stdout.trim()}`)
  return found
}
