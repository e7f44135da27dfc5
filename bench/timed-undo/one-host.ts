import { itemValue } from '@/lib/lvs/item-value'
import { formatItem } from '@/lib/lvs/ledger'
import type { Plan } from '@/lib/lvs/plan'
import { type HostUndo, planUndo } from '@/lib/lvs/timed-undo'
import { closeHost } from '@/lib/ssh/client'
import { readRunning } from '@/lib/ssh/read-running'
import { runBatch } from '@/lib/ssh/run'
import type { SshTarget } from '@/lib/ssh/target'
import { armCommand, clearUndoCommand, undoScript } from '@/lib/ssh/undo-script'
import { CLEAR, planOf, type Shape } from './changes'
import { type Cut, cutPath, differences, ended, foreign, sh, snapshot } from './guest'

const SECONDS = 10
/** On one host the timer has ended so long after its deadline at the latest. */
const LATE_SECONDS = 2

/** What one case came to; `problem` is absent where everything is as before, and in time. */
export type Outcome = {
  host: string
  user: string
  shape: string
  cut: Cut
  /** Between the deadline and the end of the undo, on the guest's own clock. */
  lateSeconds?: number
  problem?: string
}

const root = (argv: readonly string[], stdin?: string) => ({
  ...{ argv, root: true, timeoutSeconds: 20 },
  ...(stdin !== undefined && { stdin }),
})

/** Arms a timer on a host and gives its deadline, on the host's own clock. Throws where it cannot be armed. */
export async function arm(
  target: SshTarget,
  applyId: string,
  seconds: number,
  undo: HostUndo,
): Promise<number> {
  const [done] = await runBatch(target, [
    root(armCommand(applyId, seconds, 'token', undo), undoScript(undo)),
  ])
  if (done?.exit !== 0) throw new Error(`${target.name}: not armed: ${JSON.stringify(done)}`)
  return Number(done.stdout)
}

/** Takes our own path away: what follows it is not heard any more. */
const cutsItself = ({ steps }: Plan): boolean =>
  steps.some(({ item }) => item?.kind === 'address' && item.device === 'mgmt')

/** Runs the steps of a plan, and reads that the host is as they say: an undo of nothing would prove nothing. */
async function change(target: SshTarget, plan: Plan): Promise<void> {
  const commands = plan.steps.map(({ argv }) => root(argv))
  if (cutsItself(plan)) {
    const script = plan.steps.map(({ argv }) => argv.join(' ')).join('; ')
    await sh(target, `setsid sh -c 'sleep 1; ${script}' harness </dev/null >/dev/null 2>&1 &`)
    return
  }
  const failed = (await runBatch(target, commands)).find(({ exit }) => exit !== 0)
  if (failed !== undefined) throw new Error(`a step failed: ${JSON.stringify(failed)}`)
  const running = await readRunning(target)
  for (const { item, after } of plan.steps) {
    if (item !== undefined && itemValue(running, item) !== after)
      throw new Error(`${formatItem(item)} is ${itemValue(running, item)}, not ${after}`)
  }
}

async function prove(target: SshTarget, shape: Shape, cut: Cut, id: string) {
  const isDirector = shape.on === 'director'
  await sh(target, `${CLEAR[shape.on]}\n${shape.setup}`)
  const before = await snapshot(target)
  const others = isDirector ? await foreign(target) : ''
  const plan = planOf(shape, target.name, await readRunning(target))
  const [undo] = planUndo(plan)
  if (undo === undefined) throw new Error('nothing to undo')
  const deadline = await arm(target, id, SECONDS, { ...undo, delaySeconds: 0 })
  await change(target, plan)
  await cutPath(target, cut, { inSeconds: 1, deadline })
  closeHost(target.hostId)
  const { state, endedAt = 0 } = await ended(target, id)
  const lateSeconds = endedAt - deadline
  const problems = [
    state === 'undone' ? '' : `it says ${state}`,
    lateSeconds <= LATE_SECONDS ? '' : `${lateSeconds} s late`,
    differences(before, await snapshot(target)),
    isDirector && others !== (await foreign(target)) ? 'foreign services changed' : '',
  ].filter((each) => each !== '')
  return { lateSeconds, ...(problems.length > 0 && { problem: problems.join('; ') }) }
}

/** Changes one host, cuts the path to it or not, lets its timer fire, and looks whether it is as it was. */
export async function runOnHost(
  target: SshTarget,
  shape: Shape,
  cut: Cut,
  id: string,
): Promise<Outcome> {
  const about = { host: target.name, user: target.user, shape: shape.name, cut }
  try {
    return { ...about, ...(await prove(target, shape, cut, id)) }
  } catch (error) {
    return { ...about, problem: error instanceof Error ? error.message : String(error) }
  } finally {
    await runBatch(target, [root(clearUndoCommand(id))])
    await sh(target, CLEAR[shape.on])
  }
}
