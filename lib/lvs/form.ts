import { z } from 'zod'
import { InvalidInput } from '../errors'
import { addressSchema } from './address'

/**
 * Parses what a person entered. Throws InvalidInput with one message code per field; a field inside another is
 * named by its path, e.g. `realServers.1.rip`.
 */
export function parseForm<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw new InvalidInput(fieldErrors(result.error))
}

/** Lists the first message code of every field that does not fit; the form shows them before it asks the server. */
export function fieldErrors(error: z.ZodError): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const { path, message } of error.issues) fields[path.join('.')] ??= message
  return fields
}

/** What an input that was left empty sends is "not given", never the number 0. */
export const emptyAsAbsent = (value: unknown): unknown =>
  typeof value === 'string' && value.trim() === '' ? undefined : value

/** A whole number from `min` to `max`, typed as text; an empty field is an error. */
export function integerField(min: number, max: number, code: string) {
  const number = z.coerce.number({ error: code }).int(code).min(min, code).max(max, code)
  return z.preprocess((value) => emptyAsAbsent(value) ?? Number.NaN, number)
}

/** A whole number from `min` to `max`, or nothing. */
export function optionalInteger(min: number, max: number, code: string) {
  return z.preprocess(
    emptyAsAbsent,
    z.coerce.number({ error: code }).int(code).min(min, code).max(max, code).optional(),
  )
}

/** Text, trimmed, or nothing. */
export function optionalText(max: number, code: string) {
  return z.preprocess(emptyAsAbsent, z.string().trim().max(max, code).optional())
}

/** Anything or nothing: an empty field counts as nothing. */
export function optional<S extends z.ZodType>(schema: S) {
  return z.preprocess(emptyAsAbsent, schema.optional())
}

/** A box that is ticked or not, as a browser sends it (`on`, or nothing) or as a value. */
export const checkbox = z.preprocess(
  (value) => value === true || value === 'on' || value === 'true',
  z.boolean(),
)

/** A list, of which a browser sends one value alone when one is chosen, and nothing when none is. */
export function listField<S extends z.ZodType>(item: S) {
  return z.preprocess((value) => {
    if (value === undefined || value === '') return []
    return Array.isArray(value) ? value : [value]
  }, z.array(item))
}

/** An address; a field that is not there at all is as wrong as one that holds none. */
export const addressField = z.preprocess((value) => value ?? '', addressSchema)

/** A name that people give to a host, cluster or real server: shown, sorted and searched, never sent to a host. */
export const nameField = z
  .string({ error: 'name.required' })
  .trim()
  .min(1, 'name.required')
  .max(64, 'name.too-long')
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'name.invalid')

/** An id of the database. */
export const idField = z.string({ error: 'required' }).min(1, 'required')

/** The version that the form was made from. */
export const versionField = integerField(1, 2147483647, 'required')
