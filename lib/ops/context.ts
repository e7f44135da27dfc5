/** Who acts, and when: the first argument of every op. */
export type Context = {
  actor: { userId: string; name: string; role: 'viewer' | 'operator' | 'admin' }
  now: () => Date
}
