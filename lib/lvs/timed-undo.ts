import { splitOptions } from './item-value'
import type { Item } from './ledger'
import type { Plan, Step } from './plan'
import { formatRealServerKey, serviceArguments } from './service'

/**
 * One line of an undo script: the function of lib/ssh/undo-script.ts and its arguments. It puts back what was before the
 * step, but only where the host still says what the step had set.
 */
export type Guard = readonly [name: string, ...words: string[]]

/** What is armed on one host. */
export type HostUndo = {
  hostId: string
  hostName: string
  guards: readonly Guard[]
  /** How much later than the deadline it fires, in seconds: hosts come down and up in the law's order. */
  delaySeconds: number
  /** Devices whose routes and IPv6 addresses may go with a step, and are remembered when the timer is armed. */
  devices: readonly string[]
}

/** Steps that may cut our own path to a host, or a host's path to its clients. */
const RISKY: readonly Step['kind'][] = ['module', 'link', 'address', 'sysctl']

/** Tells whether a step can cut a path: of a tunnel, a VIP, a sysctl, a module. */
export const isRisky = ({ kind }: Pick<Step, 'kind'>): boolean => RISKY.includes(kind)

/** The word after `-w` or `-s` of an item's options: what shows whether it is still as the step had set it. */
function markOf(item: Item, value: string | undefined): string {
  const words = value === undefined ? [] : splitOptions(value)
  const option = item.kind === 'entry' ? '-w' : '-s'
  return words[words.indexOf(option) + 1] ?? ''
}

function tableGuard(item: Item & { kind: 'service' | 'entry' }, step: Step): Guard {
  const options = step.before === undefined ? [] : splitOptions(step.before)
  // one word, which the script takes apart: `-f 7 -6` has three
  const selector = serviceArguments(item.service).join(' ')
  const target = item.kind === 'entry' ? [formatRealServerKey(item.realServer)] : []
  const way = step.before === undefined ? 'del' : step.after === undefined ? 'add' : 'edit'
  return [
    `u_${item.kind}_${way}`,
    ...[selector, ...target],
    ...(way === 'add' ? [] : [markOf(item, step.after)]),
    ...options,
  ]
}

function addressGuard({ address, device }: Item & { kind: 'address' }, step: Step): Guard {
  const way = step.after === undefined ? 'u_address_add' : 'u_address_del'
  return [way, `${address}${step.after ?? step.before ?? ''}`, device]
}

/** Gives the line that takes one step back; none for what changes nothing on the host, or only its files. */
function guardOf(step: Step): Guard[] {
  const { item, before, after, argv } = step
  if (item === undefined || argv.length === 0 || before === after) return []
  switch (item.kind) {
    case 'module':
      if (after === undefined) return [['u_module_load', item.name]]
      // held by the scheduler modules that the kernel loads by itself: it stays, as in commandFor()
      return item.name === 'ipip' ? [['u_module_unload', item.name]] : []
    case 'sysctl':
      return before === undefined || after === undefined
        ? []
        : [['u_sysctl', item.key, after, before]]
    case 'link':
      return [[after === 'up' ? 'u_link_down' : 'u_link_up', item.device]]
    case 'address':
      return [addressGuard(item, step)]
    case 'service':
    case 'entry':
      return [tableGuard(item, step)]
    case 'file':
    case 'unit':
      return []
    default:
      return item satisfies never
  }
}

const deviceOfStep = ({ item }: Step): string[] =>
  item?.kind === 'link' || item?.kind === 'address' ? [item.device] : []

const isDown = ({ phase }: Step): boolean => phase >= 40
const isUp = ({ phase }: Step): boolean => phase < 20

/** Real servers that go down are restored first, then directors, then real servers that came up are taken down. */
function delayOf(steps: readonly Step[], plan: Plan): number {
  const anyDown = plan.steps.some(isDown)
  const director = steps.some((step) => !isDown(step) && !isUp(step))
  if (!director && steps.some(isDown)) return 0
  return director ? (anyDown ? 2 : 0) : 2
}

/**
 * Gives what is armed on each host before the first step of a plan: its steps in reverse order, each with the value that
 * makes it safe to take back. Hosts without a step that can be taken back are left out.
 */
export function planUndo(plan: Plan): HostUndo[] {
  const hosts = new Map(plan.steps.map(({ hostId, hostName }) => [hostId, hostName]))
  return [...hosts].flatMap(([hostId, hostName]) => {
    const steps = plan.steps.filter((step) => step.hostId === hostId)
    const guards = steps.toReversed().flatMap(guardOf)
    if (guards.length === 0) return []
    const devices = [...new Set(steps.flatMap(deviceOfStep))].sort()
    return [{ hostId, hostName, guards, delaySeconds: delayOf(steps, plan), devices }]
  })
}

/** A timed undo as a host's folder in /run names it. Times are the host's own, in seconds since 1970. */
export type UndoOnHost = {
  applyId: string
  /** `partly`: something could not be put back, or was not as we had set it any more. */
  state: 'armed' | 'undoing' | 'undone' | 'partly'
  deadline: number
  /** When it had ended. */
  endedAt?: number
}

// armed.0b8d3f2e-….1795350060     undone.0b8d3f2e-….1795350060.1795350061
const NAME = /^(armed|undoing|undone|partly)\.([0-9a-zA-Z-]+)\.(\d+)(?:\.(\d+))?$/

/** Reads the names in a host's folder of timed undos; what Tunboard did not make is left out. */
export function parseUndos(text: string): UndoOnHost[] {
  return text.split('\n').flatMap((line) => {
    const [, state, applyId, deadline, endedAt] = NAME.exec(line.trim()) ?? []
    if (state === undefined || applyId === undefined) return []
    return [
      {
        ...{ applyId, state: state as UndoOnHost['state'], deadline: Number(deadline) },
        ...(endedAt === undefined ? {} : { endedAt: Number(endedAt) }),
      },
    ]
  })
}
