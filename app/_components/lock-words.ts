import { useTranslations } from 'next-intl'

/** Work on one thing: the op writes `KIND NAME` into the lock. */
const NAMED = [
  'apply',
  'drain',
  'remove',
  'debt',
  'revert',
  'adopt',
  'release',
  'save',
  'put-back',
  'uninstall',
] as const
/** Work that needs no name beside its host. */
const PLAIN = ['recovery', 'delete-host', 'edit-host', 'take-theirs'] as const

/** Gives the function that says what a lock is held for; what this version has no words for stays as it was written. */
export function useLockWords(): (reason: string) => string {
  const t = useTranslations('locks.work')
  return (reason) => {
    const plain = PLAIN.find((each) => each === reason)
    if (plain !== undefined) return t(plain)
    const named = NAMED.find((each) => reason.startsWith(`${each} `))
    return named === undefined ? reason : t(named, { name: reason.slice(named.length + 1) })
  }
}
