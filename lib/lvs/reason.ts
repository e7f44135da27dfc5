/**
 * A sentence that the pure core wants said, without a language: `code` names a message in app/_i18n
 * (`reasons.<code>`), `values` fill it in. Addresses, keys and commands are values; words are messages.
 */
export type Reason = { code: string; values: Record<string, string | number> }

/** Builds a reason. */
export function reason(code: string, values: Reason['values'] = {}): Reason {
  return { code, values }
}
