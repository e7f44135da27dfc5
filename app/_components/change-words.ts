import { useTranslations } from 'next-intl'

/** What ops write into the audit trail that change what is desired of a cluster. */
const ACTIONS = [
  'add-real-server',
  'add-service',
  'create-cluster',
  'delete-cluster',
  'edit-cluster',
  'edit-real-server',
  'edit-service',
  'remove-real-server',
  'remove-service',
  'revert-desired',
  'set-weights',
  'start-drain',
  'take-down-cluster',
  'undo-drain',
] as const

/** Says a change of what is desired in words; one that this version has no words for is called a change. */
export function useChangeWords(): (action: string, what: string) => string {
  const t = useTranslations('changes')
  return (action, what) => {
    const known = ACTIONS.find((each) => each === action)
    return t(known ?? 'other', { what })
  }
}
