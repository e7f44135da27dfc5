'use client'

import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { cx } from './cx'
import { isDashed } from './series'
import { niceMax } from './uplot-labels'
import { type Palette, readPalette, watchTheme } from './uplot-palette'
import { type ChartMark, type ChartSeries, endLabels, eventMarks } from './uplot-plugins'
import { pointerTip } from './uplot-tip'

/** Where a chart gets its data: read again whenever it is told so, outside of React. */
export type ChartFeed = {
  /** Times in seconds since 1970, then a column per series; `null` is a gap. */
  read: () => uPlot.AlignedData
  /** Calls `listener` when there is something new to read; returns what stops it. */
  subscribe: (listener: () => void) => () => void
}

type Props = {
  series: readonly ChartSeries[]
  feed: ChartFeed
  windowSeconds: number
  height?: number
  marks?: readonly ChartMark[]
  /** Says in words what is drawn now; read again with the data. */
  summary: () => string
  formatTime: (seconds: number, withSeconds: boolean) => string
  formatValue: (value: number) => string
  /** Says how many series the pointer's tip leaves out. */
  more: (count: number) => string
  /** What is drawn is old: it steps back. */
  stale?: boolean
}

const STEPS = [1, 2, 5].flatMap((step) => [1, 10, 100, 1000, 1e4, 1e5, 1e6].map((by) => step * by))

/** Seconds between the times on the axis. */
const TIME_STEPS = [10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400]

function axes(palette: () => Palette, font: string, props: Props): uPlot.Axis[] {
  const common = {
    stroke: () => palette().muted,
    font: `12px ${font}`,
    ticks: { show: false },
    border: { show: false },
  }
  const grid = { stroke: () => palette().line, width: 1 }
  return [
    {
      ...common,
      grid: { show: false },
      size: 26,
      space: 64,
      incrs: TIME_STEPS,
      values: (_, splits) => splits.map((seconds) => props.formatTime(seconds, false)),
    },
    {
      ...common,
      grid,
      size: (_, values) => 12 + 7.4 * Math.max(2, ...(values ?? []).map((text) => text.length)),
      space: 36,
      incrs: STEPS.sort((a, b) => a - b),
      values: (_, splits) => splits.map(props.formatValue),
    },
  ]
}

function draw(host: HTMLElement, props: Props, palette: () => Palette, now: () => Props): uPlot {
  const font = getComputedStyle(host).fontFamily
  const { series, windowSeconds, height = 220 } = props
  const look = { palette, font, series, formatValue: props.formatValue }
  const words = {
    formatTime: (seconds: number) => props.formatTime(seconds, true),
    more: props.more,
  }
  const options: uPlot.Options = {
    width: host.clientWidth,
    height,
    padding: [8, 44, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      x: {
        range: (_, _min, max) => {
          const end = max ?? Date.now() / 1000
          return [end - windowSeconds, end]
        },
      },
      y: { range: (_, _min, max) => [0, niceMax(max ?? 0)] },
    },
    axes: axes(palette, font, props),
    series: [
      {},
      ...series.map(({ label, index }) => ({
        label,
        stroke: () => palette().series(index),
        width: 1.75,
        ...(isDashed(index) && { dash: [5, 3] }),
        // A reading between two gaps is a point: without it, it would not be seen at all.
        points: {
          size: 4,
          fill: () => palette().series(index),
          show: (u: uPlot, row: number, from: number, to: number) =>
            isLonely(u.data[row], from, to),
        },
      })),
    ],
    plugins: [eventMarks(look, () => now().marks ?? []), endLabels(look), pointerTip(look, words)],
  }
  return new uPlot(options, props.feed.read(), host)
}

type Column = ArrayLike<number | null | undefined> | undefined

function isLonely(column: Column, from: number, to: number): boolean {
  let known = 0
  for (let at = from; at <= to && known < 3; at++) known += typeof column?.[at] === 'number' ? 1 : 0
  return known < 3
}

/**
 * Lines over time that grow at their right. Drawn on a canvas and fed past React: at most once per frame of the
 * screen, however often data comes. Screen readers get `summary`; beside it belongs a table with the same figures.
 */
export function UplotChart(props: Props) {
  const { series, feed, height = 220, windowSeconds, stale = false } = props
  const host = useRef<HTMLDivElement>(null)
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  // Names come from hosts and people: JSON keeps them apart whatever they hold.
  const drawn = JSON.stringify(series)

  // biome-ignore lint/correctness/useExhaustiveDependencies: formats are read when it is drawn; `drawn` stands for series
  useEffect(() => {
    const element = host.current
    if (element === null) return
    let palette = readPalette(element)
    const chart = draw(
      element,
      latest.current,
      () => palette,
      () => latest.current,
    )
    let request = 0
    const refresh = () => {
      request = 0
      chart.setData(feed.read())
      element.setAttribute('aria-label', latest.current.summary())
    }
    const schedule = () => {
      if (request === 0) request = requestAnimationFrame(refresh)
    }
    refresh()
    const stops = [
      feed.subscribe(schedule),
      watchTheme(() => {
        palette = readPalette(element)
        chart.redraw(false)
      }),
    ]
    const size = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }))
    size.observe(element)
    return () => {
      cancelAnimationFrame(request)
      size.disconnect()
      for (const stop of stops) stop()
      chart.destroy()
    }
  }, [drawn, feed, height, windowSeconds])

  return (
    <div
      ref={host}
      role="img"
      aria-label={props.summary()}
      suppressHydrationWarning
      style={{ height }}
      className={cx('w-full min-w-0 transition-opacity', stale && 'opacity-50')}
    />
  )
}
