import { createFrameReader, type Mark } from './frames'

/** What one tick of the live loop read, at one moment of the host. */
export type LiveFrame = {
  bootId: string
  tick: number
  /** Seconds since the host booted, by its own clock: the only clock for rates. */
  uptimeSeconds: number
  /** /proc/net/ip_vs; absent while the module is not loaded. */
  table?: string
  /** `ipvsadm -Ln --stats --exact`, with the ticks that read totals. */
  totals?: string
  /** What ipvsadm said instead of totals, with its exit status. */
  denied?: { text: string; exit: number }
}

/** A table of 100,000 entries is 8 MiB. */
const CAP = 16 * 1024 * 1024

type Draft = Partial<LiveFrame> & { open?: 'table' | 'totals' }

/** Keeps the text that a mark ends; one that went over the cap would be half a table and is left out. */
function keepText(draft: Draft, { words: [kind, , exit], text, cut }: Mark): void {
  const { open } = draft
  delete draft.open
  if (cut) return
  if (open === 'table' && text.trim() !== 'absent') draft.table = text
  if (open === 'totals' && kind === 'exit') {
    if (exit === '0') draft.totals = text
    else draft.denied = { text, exit: Number(exit) }
  }
}

/** Takes one mark; an `end` whose tick was seen gives the frame. */
function take(draft: Draft, bootId: string, mark: Mark): LiveFrame | undefined {
  const [kind, number, value] = mark.words
  keepText(draft, mark)
  if (kind === 'tick') {
    draft.tick = Number(number)
    draft.uptimeSeconds = Number(value)
    draft.open = 'table'
  }
  if (kind === 'totals') draft.open = 'totals'
  const { tick, uptimeSeconds, ...rest } = draft
  if (kind !== 'end' || tick === undefined || uptimeSeconds === undefined) return undefined
  return { ...rest, bootId, tick, uptimeSeconds }
}

/** Reads what the live loop prints, piece by piece; calls `onFrame` once for each tick that arrived whole. */
export function createLiveReader(
  nonce: string,
  onFrame: (frame: LiveFrame) => void,
): (chunk: Buffer) => void {
  let bootId = ''
  let draft: Draft = {}
  return createFrameReader(nonce, CAP, (mark) => {
    if (mark.words[0] === 'start') bootId = mark.words[1] ?? ''
    if (mark.words[0] === 'tick') draft = {}
    const frame = take(draft, bootId, mark)
    if (frame !== undefined) onFrame(frame)
  })
}
