import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabNode } from './nodes'

export type Init = 'quick' | 'systemd'

/** What a run folder remembers, so that another process can attach to the lab. */
export type LabState = {
  image: string
  init: Init
  memory: string
  /** The folder was made for this lab alone: it goes when the lab stops. */
  temporary: boolean
  nodes: LabNode[]
}

const file = 'lab.json'

/** Reads what a run folder remembers, or undefined where no lab was started. */
export function readState(run: string): LabState | undefined {
  const path = join(run, file)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as LabState) : undefined
}

export function writeState(run: string, state: LabState): void {
  writeFileSync(join(run, file), `${JSON.stringify(state, null, 2)}\n`)
}
