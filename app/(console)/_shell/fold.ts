/** Remembers whether the sidebar is folded to icons: `true` or not. */
export const FOLD_COOKIE = 'sidebar-folded'
