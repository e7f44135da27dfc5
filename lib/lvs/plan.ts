import type { Item } from './ledger'
import type { Reason } from './reason'

export type StepKind = Item['kind'] | 'settle' | 'check' | 'announce' | 'claim' | 'reload' | 'sync'

/** One command on one host, as data: what, why, from which value to which, and how to take it back. */
export type Step = {
  /** Unique within the plan: host and what is done, e.g. `h1 add address 172.25.254.100 on tunl0`. */
  id: string
  hostId: string
  hostName: string
  kind: StepKind
  change: 'add' | 'edit' | 'remove' | 'do'
  /** The item that it changes; `settle`, `check` and `announce` change none. */
  item?: Item
  /** What is acted on, for people: `tunl0`, `172.25.254.4:80 in tcp 172.25.254.100:80`. */
  subject: string
  before?: string
  after?: string
  /** Program and arguments; empty for a claim, which only writes the ledger. */
  argv: readonly string[]
  undo?: readonly string[]
  /** What the command reads on standard input: the text of a file. */
  stdin?: string
  /** What its undo reads. */
  undoStdin?: string
  why: Reason
  /** A failure of this step is shown and does not stop the plan (settle, announce). */
  mayFail: boolean
  /** Active connections on the entry that a removal cuts or a quiesce leaves to end. */
  connections?: number
  /** The place in the ordering law; see wants.ts. */
  phase: number
}

/** A plan's "I will not", with its reason. While one stands nothing of the plan is applied. */
export type Refusal = {
  hostId?: string
  why: Reason
  /** Under which a person may accept its consequence, the same from plan to plan; absent = nobody can. */
  override?: string
}

/** What cannot be done now, most often because a host cannot be read; planned afresh when it can. */
export type Debt = { hostId: string; hostName: string; items: readonly Item[]; why: Reason }

/** Something that the operator should know and that no step changes. */
export type Note = { hostId: string; hostName: string; why: Reason }

/** A change of the ledger alone: rows used by one cluster more or less, or forgotten as they are. */
export type Bookkeeping = { hostId: string; item: Item; clusters: readonly string[] }

export type Plan = {
  /** The cluster whose running state it changes; absent where it changes what hosts have saved. */
  clusterId?: string
  /** Text over all that its steps, guards and refusals read; two plans with the same basis do the same. */
  basis: string
  steps: readonly Step[]
  refusals: readonly Refusal[]
  debts: readonly Debt[]
  /** Hosts that could not be read, and what therefore waits. */
  waiting: readonly Note[]
  notes: readonly Note[]
  bookkeeping: readonly Bookkeeping[]
}

/** Nothing to do on any host that was read. */
export const isEmpty = (plan: Plan): boolean => plan.steps.length === 0

/** Every host that the cluster needs was read: an empty plan means "as desired". */
export const isComplete = (plan: Plan): boolean =>
  plan.waiting.length === 0 && plan.debts.length === 0

/** What nobody has accepted yet, or nobody can. */
export const standingRefusals = (
  { refusals }: Pick<Plan, 'refusals'>,
  overrides: ReadonlySet<string> = new Set(),
): Refusal[] =>
  refusals.filter(({ override }) => override === undefined || !overrides.has(override))

/** The plan holds a refusal that nobody can accept: only another plan helps. */
export const isForbidden = ({ refusals }: Pick<Plan, 'refusals'>): boolean =>
  refusals.some(({ override }) => override === undefined)

/**
 * There is something to do, be it in the ledger alone, and nothing that forbids it: no refusal but those that a person
 * accepted, by their `override`.
 */
export const isApplyable = (plan: Plan, overrides: ReadonlySet<string> = new Set()): boolean =>
  (!isEmpty(plan) || plan.bookkeeping.length > 0) && standingRefusals(plan, overrides).length === 0
