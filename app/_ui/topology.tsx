'use client'

import { type ReactNode, useState } from 'react'
import { seriesColor } from './series'
import { TopologyEdge } from './topology-edge'
import { columnHeight, edgeWidth, eventsPerDash, rowCentre } from './topology-flow'

export type TopologyBranch = {
  id: string
  /** What stands in its box. */
  node: ReactNode
  /** The count at the end of its edge. */
  count: ReactNode
  /** Events a second over its edge; `undefined` = not known. */
  perSecond: number | undefined
  /** Which hue; see series.ts. */
  index: number
}

type Props = {
  /** Says the whole drawing in words. */
  label: string
  source: ReactNode
  hub: ReactNode
  /** Events a second from source to hub. */
  perSecond: number | undefined
  /** What stands on the edge from source to hub. */
  edgeLabel: ReactNode
  branches: readonly TopologyBranch[]
  /** Says what one dash stands for. */
  dashNote: (eventsPerDash: number) => ReactNode
  /** Drawn in place of boxes when there are too many of them: all at once, small. */
  dense?: ReactNode
  /** Shown at the hub's right when there is nothing to branch to. */
  empty?: ReactNode
}

const ROW = 56
const GAP = 8
const TRUNK = 'var(--color-accent)'

/** Widths and speeds of all edges on one scale, so that they can be compared. */
function useScale({ perSecond, branches }: Pick<Props, 'perSecond' | 'branches'>) {
  const sum = branches.reduce((total, branch) => total + (branch.perSecond ?? 0), 0)
  const total = Math.max(sum, perSecond ?? 0)
  const [last, setLast] = useState<number>()
  const events = eventsPerDash(total, last)
  if (events !== last) setLast(events)
  const edge = (rate: number | undefined) => ({
    width: edgeWidth(rate, total),
    dashesPerSecond: rate === undefined ? undefined : rate / events,
  })
  return { events, sum, edge }
}

type Edge = ReturnType<typeof useScale>['edge']

/** From source to hub: a line to the right, or down where there is no room. */
function Inlet({ edge, label }: { edge: ReturnType<Edge>; label: ReactNode }) {
  return (
    <div className="relative flex @3xl:h-14 h-11 items-center">
      <svg
        aria-hidden
        viewBox="0 0 100 56"
        preserveAspectRatio="none"
        className="@max-3xl:hidden h-14 w-full overflow-visible"
      >
        <TopologyEdge d="M0 28H100" color={TRUNK} {...edge} />
      </svg>
      <svg aria-hidden viewBox="0 0 24 44" className="@3xl:hidden h-11 w-6 overflow-visible">
        <TopologyEdge d="M12 0V44" color={TRUNK} {...edge} />
      </svg>
      <span className="@3xl:-translate-x-1/2 @3xl:-translate-y-1/2 @3xl:absolute @3xl:top-1/2 @3xl:left-1/2 @max-3xl:ml-3">
        {label}
      </span>
    </div>
  )
}

/** From hub to branches, wide: curves that fan out. Its height is known, its width is stretched. */
function Fan({ branches, edge }: { branches: readonly TopologyBranch[]; edge: Edge }) {
  const height = columnHeight(branches.length, ROW, GAP)
  return (
    <svg
      aria-hidden
      viewBox={`0 0 100 ${height}`}
      preserveAspectRatio="none"
      style={{ height }}
      className="@max-3xl:hidden w-full overflow-visible"
    >
      {branches.map(({ id, index, perSecond }, row) => {
        const y = rowCentre(row, ROW, GAP)
        return (
          <TopologyEdge
            key={id}
            d={`M0 ${height / 2}C55 ${height / 2} 45 ${y} 100 ${y}`}
            color={seriesColor(index)}
            {...edge(perSecond)}
          />
        )
      })}
    </svg>
  )
}

/** What flows to several branches; not known where it is not known of one. */
function sumOf(branches: readonly TopologyBranch[]): number | undefined {
  return branches.reduce<number | undefined>(
    (sum, { perSecond }) =>
      sum === undefined || perSecond === undefined ? undefined : sum + perSecond,
    0,
  )
}

/** From hub to branches, narrow: one trunk at the left that thins out, an elbow to each row. */
function Rake({ branches, edge }: { branches: readonly TopologyBranch[]; edge: Edge }) {
  const height = columnHeight(branches.length, ROW, GAP)
  return (
    <svg
      aria-hidden
      viewBox={`0 -12 32 ${height + 12}`}
      style={{ height: height + 12 }}
      className="-top-3 absolute left-0 @3xl:hidden w-8 overflow-visible"
    >
      {branches.map(({ id, index, perSecond }, row) => {
        const y = rowCentre(row, ROW, GAP)
        const from = row === 0 ? -12 : rowCentre(row - 1, ROW, GAP) - 10
        return (
          <g key={id}>
            <TopologyEdge
              d={`M12 ${from}V${y - 10}`}
              color={TRUNK}
              {...edge(sumOf(branches.slice(row)))}
            />
            <TopologyEdge
              d={`M12 ${y - 10}Q12 ${y} 22 ${y}H32`}
              color={seriesColor(index)}
              {...edge(perSecond)}
            />
          </g>
        )
      })}
    </svg>
  )
}

function Branches({ branches }: { branches: readonly TopologyBranch[] }) {
  return (
    <ul className="@max-3xl:ml-8 flex flex-col gap-2">
      {branches.map(({ id, node, count }) => (
        <li key={id} className="flex h-14 min-w-0 items-center">
          <span className="z-1 min-w-9 shrink-0 rounded-full border bg-raised px-2 text-center font-mono text-sm leading-6">
            {count}
          </span>
          <span aria-hidden className="w-2 shrink-0 border-t border-line" />
          <div className="min-w-0 flex-1">{node}</div>
        </li>
      ))}
    </ul>
  )
}

/** One bundle of edges, for what is drawn dense. */
function Bundle({ edge }: { edge: ReturnType<Edge> }) {
  return (
    <>
      <svg
        aria-hidden
        viewBox="0 0 100 56"
        preserveAspectRatio="none"
        className="@max-3xl:hidden h-14 w-full overflow-visible"
      >
        <TopologyEdge d="M0 28H100" color={TRUNK} {...edge} />
      </svg>
      <svg aria-hidden viewBox="0 0 24 24" className="@3xl:hidden h-6 w-6 overflow-visible">
        <TopologyEdge d="M12 0V24" color={TRUNK} {...edge} />
      </svg>
    </>
  )
}

/**
 * Source → hub → branches, with what flows: edges as wide as their share, dashes as often as something happens.
 * From left to right where there is room, from top to bottom where there is not.
 */
export function Topology(props: Props) {
  const { label, source, hub, perSecond, edgeLabel, branches, dashNote, dense, empty } = props
  const { events, sum, edge } = useScale(props)
  const columns =
    dense === undefined
      ? '@3xl:grid-cols-[auto_minmax(7rem,1fr)_auto_minmax(5rem,1fr)_minmax(20rem,26rem)]'
      : '@3xl:grid-cols-[auto_minmax(9rem,1fr)_auto_minmax(3rem,5rem)_minmax(18rem,33rem)]'
  return (
    <figure aria-label={label} className="@container min-w-0">
      <div className={`grid grid-cols-1 items-center ${columns}`}>
        {source}
        <Inlet edge={edge(perSecond)} label={edgeLabel} />
        {hub}
        {dense !== undefined && (
          <>
            <Bundle edge={edge(sum)} />
            {dense}
          </>
        )}
        {dense === undefined && branches.length > 0 && (
          <>
            <Fan branches={branches} edge={edge} />
            <div className="relative @max-3xl:mt-3">
              <Rake branches={branches} edge={edge} />
              <Branches branches={branches} />
            </div>
          </>
        )}
        {branches.length === 0 && empty !== undefined && (
          <div className="@3xl:col-span-2 @max-3xl:mt-4 @3xl:ml-6">{empty}</div>
        )}
      </div>
      <figcaption className="mt-3 flex items-center gap-2 text-muted text-xs">
        <svg aria-hidden viewBox="0 0 20 4" className="h-1 w-5 shrink-0">
          <path d="M2 2H6M14 2H18" stroke="currentColor" strokeWidth={2} strokeLinecap="round" />
        </svg>
        {dashNote(events)}
      </figcaption>
    </figure>
  )
}
