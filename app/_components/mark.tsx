/** Tunboard's mark: one director, tunnels that split from it. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 20 20" className="shrink-0">
      <rect width="20" height="20" rx="5" className="fill-accent" />
      <g fill="none" strokeWidth="1.6" strokeLinecap="round" className="stroke-on-accent">
        <path d="M5.5 10h9" />
        <path d="M7 10c2.2 0 2.4-4 4.8-4h2.7" />
        <path d="M7 10c2.2 0 2.4 4 4.8 4h2.7" />
      </g>
      <circle cx="5.2" cy="10" r="1.7" className="fill-on-accent" />
    </svg>
  )
}
