import { setImmediate as nextTurn } from 'node:timers/promises'

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One turn that somebody waits for, in this process or in another one. */
export type Turn = { party: string; what: string; go: () => void }

/** A stalled case is a bug of ours: what the parties wait for is said. */
const STALLED_MS = 20_000

/**
 * Decides by a seed who goes next. One turn at a time: the next is drawn when the one before is over and all that follows
 * from it waits again, so that the same seed gives the same interleaving.
 */
export class Scheduler {
  readonly trace: string[] = []
  private readonly waiting: Turn[] = []
  private readonly random: () => number
  private parties = 0
  private busy = false
  private wake: () => void = () => undefined

  constructor(seed: number) {
    this.random = randomOf(seed)
  }

  readonly ask = (turn: Turn): void => {
    this.waiting.push(turn)
    this.wake()
  }

  readonly over = (): void => {
    this.busy = false
    this.wake()
  }

  /** Counts somebody whose work goes on until it has ended. */
  join(work: Promise<unknown>): void {
    this.parties += 1
    const leave = () => {
      this.parties -= 1
      this.wake()
    }
    work.then(leave, leave)
  }

  private async news(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve, reject) => {
      this.wake = resolve
      timer = setTimeout(() => reject(new Error(`stalled after ${this.trace.at(-1)}`)), STALLED_MS)
    })
    clearTimeout(timer)
  }

  /** What follows from a turn is done when nothing more happens in two rounds of the event loop. */
  private async settle(): Promise<void> {
    for (let round = 0; round < 2; round++) await nextTurn()
  }

  private draw(): Turn | undefined {
    // arrivals of one party at once come in no order of their own
    const order = [...this.waiting].sort((a, b) =>
      a.party + a.what < b.party + b.what ? -1 : a.party + a.what > b.party + b.what ? 1 : 0,
    )
    const turn = order[Math.floor(this.random() * order.length)]
    if (turn !== undefined) this.waiting.splice(this.waiting.indexOf(turn), 1)
    return turn
  }

  /** Gives turns until everybody has ended. */
  async run(): Promise<void> {
    for (;;) {
      await this.settle()
      if (this.parties === 0 && !this.busy) return
      const turn = this.busy ? undefined : this.draw()
      if (turn === undefined) {
        await this.news()
        continue
      }
      this.trace.push(`${turn.party}: ${turn.what}`)
      this.busy = true
      turn.go()
      while (this.busy) await this.news()
    }
  }
}
