import { auth } from './auth'
import { parseRole, type Role } from './roles'

/** Who is logged in. */
export type Session = {
  id: string
  user: { id: string; name: string; email: string; role: Role }
}

/** Reads the session of a request from its cookie and the database; `undefined` where nobody is logged in. */
export async function readSession(headers: Headers): Promise<Session | undefined> {
  const found = await auth().api.getSession({ headers })
  if (found === null) return undefined
  const { id, name, email, role } = found.user
  return { id: found.session.id, user: { id, name, email, role: parseRole(role) } }
}
