import type { Session } from '@/lib/auth/session'
import type { Context } from '@/lib/ops/context'

/** Says to an op who acts: whoever is logged in, now. */
export function contextOf({ user }: Session): Context {
  return {
    actor: { userId: user.id, name: user.name, role: user.role },
    now: () => new Date(),
  }
}
