'use client'

import { useEffect, useRef } from 'react'
import { DASH_PERIOD } from './topology-flow'

type Props = {
  d: string
  /** Pixels. */
  width: number
  color: string
  /** `undefined` = not known: drawn dotted, and still. */
  dashesPerSecond: number | undefined
}

/**
 * Moves the dashes of a path. The browser's own animation is only told its speed: a new one starts where the dashes
 * are, where another CSS duration would make them jump. Nothing moves for people who asked for less motion.
 */
function useFlow(dashesPerSecond: number) {
  const path = useRef<SVGPathElement>(null)
  const animation = useRef<Animation>(undefined)
  const speed = useRef(dashesPerSecond)

  useEffect(() => {
    const calm = window.matchMedia('(prefers-reduced-motion: reduce)')
    const start = () => {
      animation.current?.cancel()
      if (calm.matches) return
      animation.current = path.current?.animate(
        [{ strokeDashoffset: `${DASH_PERIOD}px` }, { strokeDashoffset: '0px' }],
        { duration: 1000, iterations: Number.POSITIVE_INFINITY },
      )
      animation.current?.updatePlaybackRate(speed.current)
    }
    start()
    calm.addEventListener('change', start)
    return () => {
      calm.removeEventListener('change', start)
      animation.current?.cancel()
    }
  }, [])

  useEffect(() => {
    speed.current = dashesPerSecond
    animation.current?.updatePlaybackRate(dashesPerSecond)
  }, [dashesPerSecond])
  return path
}

/** One edge: its bed as wide as its share, and dashes that flow as often as something happens. */
export function TopologyEdge({ d, width, color, dashesPerSecond }: Props) {
  const flow = useFlow(dashesPerSecond ?? 0)
  const isFlowing = dashesPerSecond !== undefined && dashesPerSecond > 0
  return (
    <g fill="none">
      <path
        d={d}
        strokeLinecap="butt"
        vectorEffect="non-scaling-stroke"
        strokeWidth={width}
        strokeDasharray={dashesPerSecond === undefined ? '1 5' : undefined}
        className="transition-[stroke-width] duration-180"
        style={{
          stroke: isFlowing
            ? `color-mix(in oklch, ${color} 30%, var(--color-raised))`
            : 'var(--color-line)',
        }}
      />
      <path
        ref={flow}
        d={d}
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
        strokeWidth={Math.min(2.5, Math.max(1.5, width - 2))}
        strokeDasharray={`4 ${DASH_PERIOD - 4}`}
        opacity={isFlowing ? 1 : 0}
        className="transition-opacity duration-180"
        style={{ stroke: color }}
      />
    </g>
  )
}
