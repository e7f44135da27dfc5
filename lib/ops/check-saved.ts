import { createAuditEvent } from '@/lib/db/audit'
import { listSavedChecks, putSavedCheck, type SavedCheck } from '@/lib/db/saved-checks'
import { inTransaction } from '@/lib/db/transaction'
import { TunboardError } from '@/lib/errors'
import { log } from '@/lib/log'
import type { Reason } from '@/lib/lvs/reason'
import type { HostRef, HostState, RunningService } from '@/lib/lvs/running'
import { placesOf, textOf } from '@/lib/lvs/save-places'
import { type SaveHost, unsavedForeign } from '@/lib/lvs/save-targets'
import { type Survival, survivalOf } from '@/lib/lvs/survives'
import { readHosts } from './read-world'
import { hostIdsOf, type Known, knownForSaving, type SaveScope, withFiles } from './save-scope'

/** Whether one host would come back as desired, as its files and its kernel say now. */
export type HostSurvival = { host: HostRef } & (
  | {
      survival: Survival
      /** `documentation`: nobody of us ever ran a host like this one. */
      evidence: 'run' | 'documentation'
      /** The distribution's own name. */
      distribution: string
      unsavedForeign: readonly RunningService[]
      check: SavedCheck
      unreachable?: never
    }
  | { unreachable: Reason; survival?: never }
)

/** Files of ours whose text is not what we wrote last: somebody edited them, or they are gone. */
function editedPaths({ host, saved }: SaveHost, { ledger }: Known): string[] {
  return ledger.flatMap(({ hostId, item, written, state }) =>
    hostId === host.id &&
    item.kind === 'file' &&
    state === 'ours' &&
    textOf(saved, item.path) !== written
      ? [item.path]
      : [],
  )
}

const samePaths = (a: readonly string[], b: readonly string[]) => a.join('\n') === b.join('\n')

function checkOf(
  world: SaveHost,
  survival: Survival,
  known: Known,
  last: SavedCheck | undefined,
  at: Date,
): SavedCheck {
  const counts: Record<string, number> = {}
  for (const { state } of survival.rows) counts[state] = (counts[state] ?? 0) + 1
  const paths = editedPaths(world, known).sort()
  const since =
    last?.changed !== undefined && samePaths(last.changed.paths, paths) ? last.changed.at : at
  return {
    hostId: world.host.id,
    readAt: at,
    survival: { state: survival.state, checks: survival.checks },
    counts,
    ...(paths.length > 0 && { changed: { at: since, paths } }),
  }
}

/** Writes a check, and into the audit trail that somebody edited files, when it is seen first. */
async function remember(check: SavedCheck, host: HostRef): Promise<void> {
  const { changed, readAt } = check
  await inTransaction(async (tx) => {
    await putSavedCheck(tx, check)
    if (changed === undefined || changed.at.getTime() !== readAt.getTime()) return
    await createAuditEvent(tx, {
      ...{ at: readAt, userName: 'Tunboard', action: 'saved-edited', subject: `host:${host.id}` },
      detail: { host: host.name, files: changed.paths.join(', ') },
    })
  })
}

async function look(
  state: HostState,
  known: Known,
  last: readonly SavedCheck[],
  at: Date,
): Promise<HostSurvival> {
  const { host } = state
  const [world] = withFiles([state])
  if (world === undefined)
    return {
      host,
      unreachable:
        state.running === undefined
          ? state.unreachable
          : { code: 'unreadable.cut', values: { host: host.name } },
    }
  const survival = survivalOf(world, known)
  const check = checkOf(
    world,
    survival,
    known,
    last.find(({ hostId }) => hostId === host.id),
    at,
  )
  await remember(check, host)
  return {
    ...{ host, survival, check, evidence: placesOf(world.saved).evidence },
    distribution: world.saved.distribution.name,
    unsavedForeign: unsavedForeign(world, known.ledger),
  }
}

async function lookAt(ids: readonly string[], known: Known): Promise<HostSurvival[]> {
  const states = await readHosts(ids, { saved: true })
  const last = await listSavedChecks(ids)
  const at = new Date()
  return Promise.all(states.map((state) => look(state, known, last, at)))
}

/**
 * Reads what hosts run and have saved, says whether each would come back as desired, and remembers it for the pages that
 * show it later with its age. A host that cannot be read keeps what was seen last.
 */
export async function readSurvival(
  scope: SaveScope,
): Promise<{ readAt: Date; readMs: number; hosts: HostSurvival[] }> {
  const known = await knownForSaving()
  const started = performance.now()
  const hosts = await lookAt(hostIdsOf(scope, known), known)
  return { readAt: new Date(), readMs: Math.round(performance.now() - started), hosts }
}

/** Every host that a cluster uses, or in whose files something of ours is. */
function hostsInUse(known: Known): string[] {
  const used = known.clusters.flatMap(({ id }) => hostIdsOf({ kind: 'cluster', id }, known))
  return [...new Set([...used, ...known.lastSaved.map(({ hostId }) => hostId)])].sort()
}

/** Reads again what hosts have saved: those given, or all in use. Never throws for what a host does. */
export async function checkSaved(hostIds?: readonly string[]): Promise<void> {
  const known = await knownForSaving()
  const ids = hostIds ?? hostsInUse(known)
  try {
    await lookAt(ids, known)
  } catch (error) {
    if (!(error instanceof TunboardError)) throw error
    log.warn('What hosts have saved could not be read', { error })
  }
}
