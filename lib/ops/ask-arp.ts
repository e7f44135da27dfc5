import { TunboardError } from '@/lib/errors'
import { log } from '@/lib/log'
import { type ArpQuestion, arpQuestions, parseArpAnswer } from '@/lib/lvs/arp-questions'
import { byHost } from '@/lib/lvs/by-host'
import type { Plan } from '@/lib/lvs/plan'
import type { ArpAnswer, World } from '@/lib/lvs/plan-world'
import { runBatch } from '@/lib/ssh/run'
import { allOf } from './read-world'
import { sshTarget } from './ssh-target'

/** Asks from one director; where it cannot be asked, nobody is known to have answered: the plan's steps will tell. */
async function askFrom(hostId: string, questions: readonly ArpQuestion[]): Promise<ArpAnswer[]> {
  try {
    const commands = questions.map(({ argv }) => ({ argv, root: true, mayFail: true }))
    const results = await runBatch(await sshTarget(hostId), commands)
    return questions.flatMap(({ vip }, at) => {
      const mac = parseArpAnswer(results[at]?.stdout ?? '', vip)
      return mac === undefined ? [] : [{ hostId, vip, mac }]
    })
  } catch (error) {
    if (!(error instanceof TunboardError)) throw error
    log.info('A director could not ask its segment for a VIP', { hostId, reason: error.reason })
    return []
  }
}

/** Asks the directors' segments who has the VIPs that a plan puts there; nothing is asked where it puts none. */
export async function askArp(plan: Plan, world: World): Promise<ArpAnswer[]> {
  const hosts = [...byHost(arpQuestions(plan, world))]
  return (await allOf(hosts.map(([hostId, questions]) => askFrom(hostId, questions)))).flat()
}
