import { z } from 'zod'

/** Shorter ones are guessed offline within days from a stolen database; lib/auth refuses them too. */
export const PASSWORD_MIN = 12
const PASSWORD_MAX = 128

/** A password that a person chooses. */
export const newPassword = z
  .string({ error: 'password.required' })
  .min(PASSWORD_MIN, 'password.short')
  .max(PASSWORD_MAX, 'password.long')
