/** Each role may do what the ones before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Reads a stored role; a word that is none may least. */
export function parseRole(text: string | null | undefined): Role {
  return ROLES.find((role) => role === text) ?? 'viewer'
}

/** Tells whether a role may do what `needed` may. */
export function reaches(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}
