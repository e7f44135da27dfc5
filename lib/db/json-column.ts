import type { z } from 'zod'

/** Thrown where a row holds what this version of Tunboard never writes: damage, or a newer version's database. */
export class DamagedRow extends Error {
  override readonly name = 'DamagedRow'
}

/** Reads a row, or a part of it, through its schema. `where` names table and key for the log. */
export function parseRow<S extends z.ZodType>(
  schema: S,
  value: unknown,
  where: string,
): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new DamagedRow(`${where}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
}

/** Reads a column of JSON text through its schema. */
export function parseColumn<S extends z.ZodType>(
  schema: S,
  text: string,
  where: string,
): z.output<S> {
  return parseRow(schema, JSON.parse(text), where)
}
