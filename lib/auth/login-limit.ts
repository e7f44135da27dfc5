/** Long enough that guessing is hopeless, short enough for a person who has mistyped. */
const WINDOW_MS = 5 * 60_000
/** From one address: a person finds his typing mistake in fewer. */
const PER_ADDRESS = 10
/**
 * From all addresses together, because a client can invent its X-Forwarded-For. Smaller would let anybody lock the
 * administrator out from one machine; larger helps only who guesses.
 */
const PER_EMAIL = 100
/** More names than this are an attack, and must not fill the memory. */
const MAX_KEYS = 10_000

/** Counts failed logins, in memory: a restart forgives, and costs an attacker more than it gives. */
export class LoginLimit {
  readonly #failures = new Map<string, number[]>()

  #recent(key: string, now: number): number[] {
    return (this.#failures.get(key) ?? []).filter((at) => now - at < WINDOW_MS)
  }

  #keys(email: string, address: string): [string, number][] {
    const name = email.trim().toLowerCase()
    return [
      [`${name} ${address}`, PER_ADDRESS],
      [name, PER_EMAIL],
    ]
  }

  /** Tells for how many milliseconds this login must wait; 0 = it may go on. */
  waitMs(email: string, address: string, now: number): number {
    const waits = this.#keys(email, address).map(([key, limit]) => {
      const recent = this.#recent(key, now)
      const oldest = recent[recent.length - limit]
      return oldest === undefined ? 0 : oldest + WINDOW_MS - now
    })
    return Math.max(...waits)
  }

  /** Remembers a failed login. */
  fail(email: string, address: string, now: number): void {
    if (this.#failures.size > MAX_KEYS) this.#forgetOld(now)
    for (const [key] of this.#keys(email, address))
      this.#failures.set(key, [...this.#recent(key, now), now])
  }

  /** Forgets the failures of one address after a login that worked. */
  succeed(email: string, address: string): void {
    const [own] = this.#keys(email, address)
    if (own !== undefined) this.#failures.delete(own[0])
  }

  #forgetOld(now: number): void {
    for (const key of this.#failures.keys())
      if (this.#recent(key, now).length === 0) this.#failures.delete(key)
  }
}
