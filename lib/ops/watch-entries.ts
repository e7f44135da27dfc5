import { setTimeout as pause } from 'node:timers/promises'
import { TunboardError } from '@/lib/errors'
import { familyOf } from '@/lib/lvs/address'
import { splitOptions } from '@/lib/lvs/item-value'
import type { Plan, Step } from '@/lib/lvs/plan'
import { formatRealServerKey, type RealServerKey } from '@/lib/lvs/service'
import { runBatch } from '@/lib/ssh/run'
import { sshTarget } from './ssh-target'

/** What was seen of one entry that an apply added. */
export type WatchedEntry = {
  /** RIP:port. */
  item: string
  hostName: string
  /** `silent`: connections reach it and none gets past SYN_RECV. `no-traffic`: nobody connected meanwhile. */
  verdict: 'answers' | 'silent' | 'no-traffic'
  synRecv: number
  established: number
}

export type Watch = { state: 'watching' | 'done'; entries: readonly WatchedEntry[] }

/** SYN_RECV lives 60 s; in 10 s at an operator's traffic a real server that answers has been seen to. */
const ROUNDS = 5
const ROUND_MS = 2_000

// TCP AC19FEFA EDBC AC19FE64 0050 AC19FE03 0050 FIN_WAIT         76
const COUNT = '$6 == rip && $7 == port { n[$8]++ } END { for (s in n) print s, n[s] }'

const hex = (value: number, width: number) => value.toString(16).toUpperCase().padStart(width, '0')

/** Counts an entry's connections by state on the director; reading /proc needs no root (LVS-TUN facts, 1.8). */
export function countStates({ rip, port }: RealServerKey): readonly string[] {
  const address = rip
    .split('.')
    .map((octet) => hex(Number(octet), 2))
    .join('')
  const variables = ['-v', `rip=${address}`, '-v', `port=${hex(port, 4)}`]
  return ['awk', ...variables, COUNT, '/proc/net/ip_vs_conn']
}

type Added = { step: Step; realServer: RealServerKey }

/** The entries that take connections from now on: TCP, IPv4, with weight. */
function addedEntries({ steps }: Plan): Added[] {
  return steps.flatMap((step) => {
    const { item, after, change } = step
    if (item?.kind !== 'entry' || change !== 'add' || after === undefined) return []
    if (item.service.kind !== 'address' || item.service.protocol !== 'tcp') return []
    const options = splitOptions(after)
    const quiesced = options[options.indexOf('-w') + 1] === '0'
    return quiesced || familyOf(item.realServer.rip) === 6
      ? []
      : [{ step, realServer: item.realServer }]
  })
}

function verdictOf({ step, realServer }: Added, text: string): WatchedEntry {
  const counts = text.split('\n').map((line) => line.split(' '))
  const count = (wanted: (state: string) => boolean) =>
    counts.reduce(
      (sum, [state = '', n = '0']) => (state !== '' && wanted(state) ? sum + Number(n) : sum),
      0,
    )
  const synRecv = count((state) => state === 'SYN_RECV')
  const established = count((state) => state !== 'SYN_RECV')
  const verdict = established > 0 ? 'answers' : synRecv > 0 ? 'silent' : 'no-traffic'
  const item = formatRealServerKey(realServer)
  return { item, hostName: step.hostName, verdict, synRecv, established }
}

/** Counts all added entries of one director in one exchange. */
async function look(hostId: string, added: readonly Added[]): Promise<WatchedEntry[]> {
  const commands = added.map(({ realServer }) => ({ argv: countStates(realServer), mayFail: true }))
  const results = await runBatch(await sshTarget(hostId), commands)
  return added.map((each, index) => verdictOf(each, results[index]?.stdout ?? ''))
}

/**
 * Watches the entries that a plan added for at most ten seconds: an entry whose connections all stay in SYN_RECV leads
 * to a real server that does not answer. Ends early once each was seen to answer. Never throws for a lost director.
 */
export async function watchEntries(plan: Plan): Promise<Watch> {
  const added = addedEntries(plan)
  const hosts = [...new Set(added.map(({ step }) => step.hostId))]
  let entries: WatchedEntry[] = []
  for (let round = 0; round < ROUNDS && added.length > 0; round++) {
    await pause(ROUND_MS)
    try {
      const looks = hosts.map((id) =>
        look(
          id,
          added.filter(({ step }) => step.hostId === id),
        ),
      )
      entries = (await Promise.all(looks)).flat()
    } catch (error) {
      if (!(error instanceof TunboardError)) throw error
    }
    if (entries.length > 0 && entries.every(({ verdict }) => verdict === 'answers')) break
  }
  return { state: 'done', entries }
}
