import type { ClusterStateName } from '@/app/_components/cluster-state'
import type { HostState } from '@/app/_components/host-state'
import type { UndoState } from '@/app/_components/read-undo'
import type { SavedState } from '@/app/_components/saved-state'
import type { Tone } from '@/app/_ui/tone'

/** One thing that needs a person: a code of `overview.need`, its values, and the page where it is done. */
export type Need = {
  id: string
  code:
    | 'lost'
    | 'failed'
    | 'interrupted'
    | 'notVerified'
    | 'changed'
    | 'never'
    | 'debt'
    | 'key'
    | 'owned'
    | 'untested'
    | 'unsaved'
    | 'notLoaded'
    | 'returns'
    | 'edited'
    | 'drift'
    | 'armed'
    | 'undone'
  tone: Tone
  values: { cluster?: string; host?: string; owner?: string; count?: number; item?: string }
  /** When it was first seen, in milliseconds since 1970. */
  since?: number
  /** When its hosts take it back, in milliseconds since 1970. */
  until?: number
  subjectId: string
}

type ClusterInput = {
  id: string
  name: string
  state: ClusterStateName
  saved: Pick<SavedState, 'word' | 'count' | 'item'>
  drift?: { count: number; since: number } | undefined
  undo?: UndoState | undefined
}
type HostInput = { id: string; name: string; state: HostState; isUsed: boolean; isEdited: boolean }

const OF_CLUSTER: Partial<Record<ClusterStateName, Pick<Need, 'code' | 'tone'>>> = {
  lost: { code: 'lost', tone: 'bad' },
  failed: { code: 'failed', tone: 'bad' },
  interrupted: { code: 'interrupted', tone: 'bad' },
  'not-verified': { code: 'notVerified', tone: 'warn' },
  changed: { code: 'changed', tone: 'warn' },
  never: { code: 'never', tone: 'info' },
}

function ofHost({ id, name, state, isUsed }: HostInput): Need | undefined {
  const need = { id: `host-${id}`, subjectId: id }
  const values = { host: name }
  switch (state.name) {
    case 'debts':
      return { ...need, code: 'debt', tone: 'warn', values: { ...values, count: state.count } }
    case 'key-missing':
      return { ...need, code: 'key', tone: 'warn', values }
    case 'owned':
      // Somebody else's director that we only look at needs nobody.
      return isUsed
        ? { ...need, code: 'owned', tone: 'warn', values: { ...values, owner: state.owner } }
        : undefined
    case 'untested':
      return { ...need, code: 'untested', tone: 'info', values }
    case 'well':
    case 'warned':
      return undefined
    default:
      return state satisfies never
  }
}

/** What somebody changed by hand, whatever else there is to be done. */
function ofDrift({ id, name, drift }: ClusterInput): Need[] {
  if (drift === undefined) return []
  const values = { cluster: name, count: drift.count }
  const need = { id: `cluster-${id}-drift`, code: 'drift', tone: 'warn', subjectId: id } as const
  return [{ ...need, values, since: drift.since }]
}

/** An apply that waits for a person, or that its hosts took back. */
function ofUndo({ id, name, undo }: ClusterInput): Need[] {
  if (undo === undefined) return []
  const { state: code, applyId: subjectId } = undo
  const need = { id: `cluster-${id}-undo`, code, subjectId, values: { cluster: name } }
  return [{ ...need, tone: 'warn', ...(undo.state === 'armed' && { until: undo.until }) }]
}

/** What a reboot would do to a cluster that is well; else there is something to do before it can be saved. */
function ofSaved({ id, name, state, saved }: ClusterInput): Need[] {
  const { word, count, item } = saved
  if (state !== 'verified') return []
  if (word !== 'unsaved' && word !== 'notLoaded' && word !== 'returns') return []
  const values = { cluster: name, count, item }
  return [{ id: `cluster-${id}-saved`, code: word, tone: 'warn', values, subjectId: id }]
}

const ofEdited = ({ id, name, isEdited }: HostInput): Need[] =>
  isEdited
    ? [
        {
          ...{ id: `host-${id}-edited`, code: 'edited', tone: 'warn' },
          ...{ values: { host: name }, subjectId: id },
        },
      ]
    : []

const RANK: Record<Tone, number> = { bad: 0, warn: 1, info: 2, unknown: 3, neutral: 4, ok: 5 }

/** What has little time left comes before all else. */
const isShort = ({ until }: Need): boolean => until !== undefined

/** The tone of the worst of them. */
export const worstOf = (all: readonly Need[]): Tone | undefined =>
  [...all].sort((a, b) => RANK[a.tone] - RANK[b.tone])[0]?.tone

/** Lists what needs a person, the worst first; clusters before hosts, because clients notice those. */
export function needs(clusters: readonly ClusterInput[], hosts: readonly HostInput[]): Need[] {
  const ofClusters = clusters.flatMap(({ id, name, state }): Need[] => {
    const found = OF_CLUSTER[state]
    if (found === undefined) return []
    return [{ id: `cluster-${id}`, subjectId: id, values: { cluster: name }, ...found }]
  })
  const ofHosts = hosts.flatMap((host) => ofHost(host) ?? [])
  const ofHands = clusters.flatMap(ofDrift)
  const ofFiles = [...clusters.flatMap(ofSaved), ...hosts.flatMap(ofEdited)]
  const ofTimers = clusters.flatMap(ofUndo)
  return [...ofTimers, ...ofClusters, ...ofHands, ...ofHosts, ...ofFiles].sort(
    (a, b) => Number(isShort(b)) - Number(isShort(a)) || RANK[a.tone] - RANK[b.tone],
  )
}
