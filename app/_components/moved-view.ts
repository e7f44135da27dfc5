import type { Moved } from '@/lib/ops/explain-move'

/** Why a plan is not the one any more that a person saw, as the browser gets it. */
export type MovedView = Moved
