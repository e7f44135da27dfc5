import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { attach, type Lab } from './attach'
import { buildImage, openImage, type Suite } from './image'
import { allNodes, type NodeName, nodeAt } from './nodes'
import { freeBase } from './ports'
import { isOn, powerOnNode, startSwitch } from './power'
import { isAlive, recordedNames } from './processes'
import { type Init, type LabState, readState, writeState } from './state'
import { whyNoLab } from './why-no-lab'

export type { Lab } from './attach'
export type { LabNode, NodeName } from './nodes'
export type { ExecResult, User } from './shell'
export { buildImage, whyNoLab }

/** The account `operator` logs in with this password alone. */
export const operatorPassword = 'lvs-lab-password'

export type StartOptions = {
  suite?: Suite
  init?: Init
  /** Ports are base + 1 (director), + 2 to 4 (servers), + 50 (client); free ones when not given. */
  base?: number
  /** Folder for disks, logs and sockets; a new temporary one when not given. */
  run?: string
  nodes?: readonly NodeName[]
  /** Memory of each node; 640M for tables of 37,000 entries. */
  memory?: string
  onProgress?: (sentence: string) => void
}

/**
 * Boots a lab; in a run folder where one is up already, the nodes of it that are off.
 * @throws in one sentence when this machine cannot run it or a node does not boot; then nothing is left running
 */
export async function startLab(options: StartOptions = {}): Promise<Lab> {
  const say = options.onProgress ?? (() => undefined)
  const suite = options.suite ?? 'bookworm'
  const reason = await whyNoLab(suite, (options.nodes ?? allNodes).length)
  if (reason !== undefined) throw new Error(reason)
  const image = await buildImage({ suite, onProgress: say })
  const run = prepareRun(options.run)
  const before = readState(run)
  const state = isUp(run) && before !== undefined ? before : await newState(options, image)
  if (before !== undefined && before.image !== state.image) forgetDisks(run, say)
  writeState(run, state)
  const lab = attach(run, state)
  try {
    await startSwitch(run, openImage(state.image))
    await bootAll(run, state, say)
  } catch (error) {
    await lab.stop()
    throw error
  }
  return lab
}

/** Attaches to a lab that another process started. */
export async function openLab(run: string): Promise<Lab> {
  const state = readState(resolve(run))
  if (state === undefined) throw new Error(`No lab was started in ${run}.`)
  return attach(resolve(run), state)
}

async function newState(options: StartOptions, image: string): Promise<LabState> {
  const base = options.base ?? (await freeBase())
  return {
    image,
    init: options.init ?? 'quick',
    memory: options.memory ?? '192M',
    temporary: options.run === undefined,
    nodes: (options.nodes ?? allNodes).map((name) => nodeAt(name, base)),
  }
}

/** Gives the run folder in full. Sockets lie in it, and Linux takes no socket path of more than 107 bytes. */
function prepareRun(wanted: string | undefined): string {
  if (wanted === undefined) return mkdtempSync(join(tmpdir(), 'tunboard-lab-'))
  const run = resolve(wanted)
  if (run.length > 65)
    throw new Error(`The folder ${run} is too long for sockets; 65 letters will do.`)
  mkdirSync(run, { recursive: true })
  return run
}

function isUp(run: string): boolean {
  return recordedNames(run).some((name) => isAlive(run, name))
}

/** Disks hold only what differs from the image that they were made with. */
function forgetDisks(run: string, say: (sentence: string) => void): void {
  say('The image has changed: all nodes begin with new disks and new host keys.')
  for (const file of readdirSync(run)) if (file.endsWith('.cow')) rmSync(join(run, file))
}

async function bootAll(
  run: string,
  state: LabState,
  say: (sentence: string) => void,
): Promise<void> {
  const begin = Date.now()
  const off = state.nodes.filter((node) => !isOn(run, node))
  say(off.length === 0 ? 'All nodes are up.' : `Booting ${off.map((one) => one.name).join(', ')}.`)
  const boots = off.map(async (node) => {
    await powerOnNode(run, state, node)
    const seconds = ((Date.now() - begin) / 1000).toFixed(1)
    say(`${node.name} answers SSH on 127.0.0.1:${node.port} after ${seconds} s.`)
  })
  // All of them come to an end before a failure is reported: one still booting could not be stopped.
  const failed = (await Promise.allSettled(boots)).find((boot) => boot.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
