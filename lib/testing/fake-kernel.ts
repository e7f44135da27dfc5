import { boot, type FakeKernelOptions } from './fake-kernel/boot'
import { shutDown } from './fake-kernel/boot-disk'
import { findService } from './fake-kernel/ipvsadm'
import { serviceKeyOf } from './fake-kernel/ipvsadm-key'
import { parseArguments } from './fake-kernel/ipvsadm-parse'
import { exists, readFile } from './fake-kernel/proc'
import { execute } from './fake-kernel/programs'
import { type ReadPart, savedParts, savedSections } from './fake-kernel/saved-read'
import { type FakeConnection, schedule } from './fake-kernel/schedule'
import { leanSections } from './fake-kernel/sections'
import { normalised } from './fake-kernel/snapshot'
import type { KernelState, Output } from './fake-kernel/state'
import { fireUndos } from './fake-kernel/undo'

export type FakeKernel = {
  /** Runs one command; `as` is who logged in. */
  exec(argv: readonly string[], stdin?: string, as?: 'root' | 'user'): Output
  /** What the lean read prints, by section. */
  sections(as?: 'root' | 'user', mayUseSudo?: boolean): Record<string, string>
  /** What the read of files prints, part by part. */
  savedParts(as?: 'root' | 'user', mayUseSudo?: boolean): ReadPart[]
  /** The same taken apart, as parse-saved.ts reads it. */
  savedSections(as?: 'root' | 'user', mayUseSudo?: boolean): ReturnType<typeof savedSections>
  /** A file below /proc, /sys or of the host; `undefined` when it is not there. */
  read(path: string): string | undefined
  exists(path: string): boolean
  /** The live state itself: tests may change it, as an operator at the host would. */
  state: KernelState
  /** A copy that is equal for equal behaviour: without boot id and counters, in a fixed order. */
  snapshot(): unknown
  /** A kernel of its own with the same state. */
  fork(): FakeKernel
  /** Schedules one connection; the service as ipvsadm words, e.g. `['-t', '172.25.254.100:80']`. */
  openConnection(service: readonly string[], client: string): FakeConnection | undefined
  /**
   * Power-cycles, or shuts down first: a new boot id, everything live as after the first boot, and then what a boot does
   * with the files as they are now.
   */
  reboot(how?: 'power-cycle' | 'shut-down'): void
  /** Lets the timers of its timed undos go off now. */
  fireUndos(): void
}

/** Builds an in-memory Linux host: modules, devices, sysctls, an IPVS table, files; no I/O of its own. */
export function createFakeKernel(options: FakeKernelOptions = {}): FakeKernel {
  return kernelOf(boot(options), options)
}

function kernelOf(state: KernelState, options: FakeKernelOptions): FakeKernel {
  return {
    state,
    exec: (argv, stdin = '', as = 'root') => execute({ state, root: as === 'root', stdin }, argv),
    sections: (as = 'root', mayUseSudo = true) => leanSections(state, as === 'root', mayUseSudo),
    savedParts: (as = 'root', mayUseSudo = true) => savedParts(state, as === 'root', mayUseSudo),
    savedSections: (as = 'root', mayUseSudo = true) =>
      savedSections(state, as === 'root', mayUseSudo),
    read: (path) => readFile(state, path),
    exists: (path) => exists(state, path),
    snapshot: () => normalised(state),
    fireUndos: () => fireUndos(state, execute),
    fork: () => kernelOf(structuredClone(state), options),
    openConnection(service, client) {
      const { ipvs } = state
      const key = serviceKeyOf(parseArguments(['-D', ...service]))
      const found = ipvs === undefined || key === undefined ? undefined : findService(ipvs, key)
      if (ipvs === undefined || found === undefined) return undefined
      return schedule(state, ipvs, found, client)
    },
    reboot(how = 'power-cycle') {
      if (how === 'shut-down') shutDown(state)
      const { files, links, modes, folders, disk, answers, neighbours, tools, sudo } = state
      delete state.ipvs
      const kept = { files, links, modes, folders, disk, answers, neighbours, tools, sudo }
      Object.assign(state, boot(options, kept))
    },
  }
}
