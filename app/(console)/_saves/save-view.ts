import { toStepView } from '@/app/_components/step-view'
import { isApplyable, isComplete } from '@/lib/lvs/plan'
import { formatServiceKey, sameService } from '@/lib/lvs/service'
import type { PlannedSave } from '@/lib/ops/save-rules'
import { formatIncluded, type Included } from './included'

/** A foreign service that no reboot brings back, as it can be ticked. */
type Tick = { value: string; service: string; realServers: number; isOn: boolean }

const ticksOf = (planned: PlannedSave, included: readonly Included[]) =>
  planned.unsavedForeign.flatMap(({ hostId, hostName, services }) => {
    const ticks = services.map(({ key, realServers }): Tick => {
      const service = formatServiceKey(key)
      const isOn = included.some((it) => it.hostId === hostId && sameService(it.service, key))
      const value = formatIncluded(hostId, service)
      return { value, service, realServers: realServers.length, isOn }
    })
    return ticks.length === 0 ? [] : [{ hostId, hostName, ticks }]
  })

/** Makes what the browser needs of a plan of files: what changes in each, not their whole texts. */
export function saveView(planned: PlannedSave, included: readonly Included[] = []) {
  const { plan, fingerprint, readAt, readMs, hosts } = planned
  const { refusals, waiting, notes } = plan
  return {
    steps: plan.steps.map(toStepView),
    ...{ refusals, waiting, fingerprint, readMs },
    // Those are offered as ticks.
    notes: notes.filter(({ why }) => why.code !== 'note.save-foreign'),
    readAt: readAt.getTime(),
    hostNames: Object.fromEntries(hosts.map(({ host }) => [host.id, host.name])),
    foreign: ticksOf(planned, included),
    isApplyable: isApplyable(plan),
    isComplete: isComplete(plan),
  }
}

export type SaveView = ReturnType<typeof saveView>
