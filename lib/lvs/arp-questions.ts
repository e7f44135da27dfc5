import type { Address } from './address'
import { byHost } from './by-host'
import { askArp } from './commands'
import { holds } from './item-value'
import type { Note, Plan, Step } from './plan'
import { lanOf } from './plan-additions'
import type { World } from './plan-world'
import { reason } from './reason'
import { managedRealServers, PHASE } from './wants'

/** Each question takes 2 s where nobody answers, and a person waits: more VIPs at once are not asked for. */
const MOST = 4

/** One question to a director's segment: does somebody have this VIP already? */
export type ArpQuestion = { hostId: string; vip: Address; argv: readonly string[] }

/** A real server of the cluster that answers for its VIP now is made silent by the plan itself, before. */
function isKnownHolder({ clusters, clusterId, hosts }: World, vip: Address): boolean {
  const cluster = clusters.find(({ id }) => id === clusterId)
  const managed = cluster === undefined ? undefined : managedRealServers(cluster)
  return hosts.some(
    ({ host, running }) =>
      managed?.has(host.id) === true && running?.devices.some((device) => holds(device, vip)),
  )
}

const newVip = ({ item, change, phase }: Step): Address | undefined =>
  item?.kind === 'address' && change === 'add' && phase === PHASE.directorVip
    ? item.address
    : undefined

/** What is asked of a director's segment, and what is not, because there is too much of it. */
type Questions = { asked: readonly ArpQuestion[]; left: readonly ArpQuestion[] }

function questionsOf({ steps }: Pick<Plan, 'steps'>, world: World): Questions {
  const questions = steps.flatMap((step): ArpQuestion[] => {
    const vip = newVip(step)
    const running = world.hosts.find(({ host }) => host.id === step.hostId)?.running
    if (vip === undefined || running === undefined || !running.tools.includes('arping')) return []
    const lan = lanOf(running.devices, vip)
    if (lan === undefined || isKnownHolder(world, vip)) return []
    return [{ hostId: step.hostId, vip, argv: askArp(vip, lan.name) }]
  })
  return { asked: questions.slice(0, MOST), left: questions.slice(MOST) }
}

/** Lists what to ask before a plan puts VIPs on directors: nothing where it puts none, or the host has no arping. */
export const arpQuestions = (plan: Pick<Plan, 'steps'>, world: World): readonly ArpQuestion[] =>
  questionsOf(plan, world).asked

/** Names, director by director, the VIPs that nobody is asked for: whether somebody else has them stays unknown. */
export function unaskedVips(plan: Pick<Plan, 'steps'>, world: World): Note[] {
  return [...byHost(questionsOf(plan, world).left)].map(([hostId, left]) => {
    const hostName = world.hosts.find(({ host }) => host.id === hostId)?.host.name ?? hostId
    const vips = left.map(({ vip }) => vip).join(', ')
    return { hostId, hostName, why: reason('note.vips-not-asked', { count: left.length, vips }) }
  })
}

// Unicast reply from 172.25.254.100 [52:54:00:AC:19:04]  0.742ms
/**
 * Reads the MAC address that answered; `undefined` where nobody did. The exit status does not tell: two programs are
 * called arping, and to one of them 1 means that nobody answered.
 */
export function parseArpAnswer(text: string, vip: Address): string | undefined {
  for (const line of text.split('\n')) {
    const [, from, mac] = /reply from (\S+) \[([0-9A-Fa-f:]{17})\]/.exec(line) ?? []
    if (from === vip && mac !== undefined) return mac.toLowerCase()
  }
  return undefined
}
