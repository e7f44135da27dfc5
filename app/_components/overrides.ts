import { z } from 'zod'

const optionsSchema = z.object({ overrides: z.array(z.string()).optional() }).catch({})

/** Reads which refusals a person accepted, out of what an apply's op wrote down; none where it knows no such thing. */
export const overridesOf = (options: unknown): readonly string[] =>
  optionsSchema.parse(options).overrides ?? []
