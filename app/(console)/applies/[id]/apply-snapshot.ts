import type { StepProgress } from '@/app/_components/step-progress'
import type { Apply } from '@/lib/db/applies'
import type { Step } from '@/lib/lvs/plan'
import type { ApplyEvent } from '@/lib/ops/apply-events'
import type { Watch } from '@/lib/ops/watch-entries'

/** What the stream of an apply carries. */
export type HeardEvent = ApplyEvent
export type HeardPhase = Extract<ApplyEvent, { kind: 'phase' }>['phase']
export type WatchView = Watch

/** An apply as the journal has it, as plain data for the browser. */
export type ApplySnapshot = Pick<
  Apply,
  'id' | 'clusterId' | 'clusterName' | 'kind' | 'state' | 'failure'
> & {
  startedBy: string
  startedAt: number
  endedAt: number | undefined
  watch: Watch | undefined
  steps: readonly { step: Step; progress: StepProgress }[]
}

/** Makes what the page of an apply shows. */
export function snapshotOf(apply: Apply): ApplySnapshot {
  const { id, clusterId, clusterName, kind, state, failure, startedBy, startedAt } = apply
  return {
    ...{ id, clusterId, clusterName, kind, state },
    ...(failure !== undefined && { failure }),
    startedBy: startedBy.name,
    startedAt: startedAt.getTime(),
    endedAt: apply.endedAt?.getTime(),
    // Written by watch-entries alone, from the type itself.
    watch: apply.watch as Watch | undefined,
    steps: apply.steps.map(({ step, state: progress, exit, stdout, stderr, ms }) => ({
      step,
      progress: { state: progress, exit, stdout, stderr, ms },
    })),
  }
}
