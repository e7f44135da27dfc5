import type { RevertChoices } from '@/lib/lvs/revert-items'

type Given = string | readonly string[] | undefined

const listOf = (given: Given): readonly string[] =>
  given === undefined ? [] : typeof given === 'string' ? [given] : given

/** Reads what was chosen for the items that changed since, from the address or a form: the last word holds. */
export const parseChoices = ({ keep, back }: { keep?: Given; back?: Given }): RevertChoices =>
  Object.fromEntries([
    ...listOf(keep).map((id) => [id, 'keep'] as const),
    ...listOf(back).map((id) => [id, 'back'] as const),
  ])

/** Writes choices as the names of an address or a form: each name with its items. */
export const formatChoices = (choices: RevertChoices): { keep: string[]; back: string[] } => {
  const chosen = Object.entries(choices)
  return {
    keep: chosen.filter(([, choice]) => choice === 'keep').map(([id]) => id),
    back: chosen.filter(([, choice]) => choice === 'back').map(([id]) => id),
  }
}
