import { z } from 'zod'
import { addressField, idField, listField, nameField, optional } from './form'

/** What a person chose to adopt: a director, and of its services those by these names (formatServiceKey). */
export const adoptFormSchema = z.object({
  directorId: idField,
  name: nameField,
  services: listField(z.string()).pipe(z.array(z.string()).min(1, 'required')),
  dip: optional(addressField),
  /** Of the preview that he saw. */
  fingerprint: idField,
})
export type AdoptForm = z.output<typeof adoptFormSchema>
