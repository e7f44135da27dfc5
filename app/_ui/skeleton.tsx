/** A grey line where a word will be. Its width is a class, e.g. `w-32`. */
export function SkeletonLine({ className = 'w-full' }: { className?: string }) {
  return (
    <span className={`block h-4 animate-breathe rounded-chip bg-hover align-middle ${className}`} />
  )
}

/** Rows of a table or list that is being read; `label` says what for screen readers. */
export function SkeletonRows({ rows = 4, label }: { rows?: number; label: string }) {
  return (
    <div role="status" aria-label={label} className="divide-y">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows that are alike and never move
        <div key={row} className="row-height flex items-center gap-6 px-4">
          <SkeletonLine className="w-40" />
          <SkeletonLine className="w-24" />
          <SkeletonLine className="w-32 max-sm:hidden" />
        </div>
      ))}
    </div>
  )
}
