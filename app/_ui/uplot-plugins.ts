import type uPlot from 'uplot'
import { freeLabels, spreadLabels } from './uplot-labels'
import type { Palette } from './uplot-palette'

export type ChartSeries = {
  id: string
  label: string
  /** Which hue; see series.ts. */
  index: number
}

/** Something that happened: a line across the chart at its time. */
export type ChartMark = { at: number; label: string }

/** How a chart looks, for what is drawn on it besides its lines. */
export type ChartLook = {
  palette: () => Palette
  font: string
  series: readonly ChartSeries[]
  formatValue: (value: number) => string
}

/** More labels than this at the lines' ends cannot be read; the table has them all. */
const MOST_LABELS = 8

const lastOf = (values: ArrayLike<number | null | undefined> | undefined) => {
  const value = values === undefined ? undefined : values[values.length - 1]
  return value === null ? undefined : value
}

/** Writes the last value at the end of each line; a line that has ended in a gap gets none. */
export function endLabels({ palette, font, series, formatValue }: ChartLook): uPlot.Plugin {
  const draw = (u: uPlot) => {
    const ratio = devicePixelRatio
    const ends = series
      .flatMap(({ index }, row) => {
        const value = lastOf(u.data[row + 1])
        return value === undefined ? [] : [{ index, value, y: u.valToPos(value, 'y', true) }]
      })
      .sort((a, b) => b.value - a.value)
      .slice(0, MOST_LABELS)
    const { top, height, left, width } = u.bbox
    const places = spreadLabels(
      ends.map(({ y }) => y),
      { gap: 15 * ratio, top: top + 4 * ratio, bottom: top + height },
    )
    const { ctx } = u
    ctx.save()
    ctx.font = `${12 * ratio}px ${font}`
    ctx.textBaseline = 'middle'
    ctx.textAlign = 'left'
    for (const [row, { index, value, y }] of ends.entries()) {
      const color = palette().series(index)
      ctx.fillStyle = color
      ctx.beginPath()
      ctx.arc(left + width, y, 3 * ratio, 0, 2 * Math.PI)
      ctx.fill()
      ctx.fillText(formatValue(value), left + width + 9 * ratio, places[row] ?? y)
    }
    ctx.restore()
  }
  return { hooks: { draw } }
}

function drawLine({ ctx, bbox }: uPlot, x: number): void {
  ctx.beginPath()
  ctx.moveTo(x, bbox.top)
  ctx.lineTo(x, bbox.top + bbox.height)
  ctx.stroke()
}

function drawMarks(u: uPlot, marks: readonly ChartMark[]): void {
  const { ctx, bbox } = u
  const gap = 5 * devicePixelRatio
  const labels = marks.map(({ at, label }) => ({
    x: Math.round(u.valToPos(at, 'x', true)),
    width: ctx.measureText(label).width,
  }))
  for (const { x } of labels) drawLine(u, x)
  const turn = bbox.left + bbox.width * 0.8
  for (const { index, side } of freeLabels(labels, { gap, turn })) {
    const x = labels[index]?.x ?? 0
    ctx.textAlign = side === 'left' ? 'right' : 'left'
    const text = marks[index]?.label ?? ''
    ctx.fillText(text, x + (side === 'left' ? -gap : gap), bbox.top + 2 * devicePixelRatio)
  }
}

/** Draws what happened as lines across the chart, with its name at the top where there is room. */
export function eventMarks(look: ChartLook, marks: () => readonly ChartMark[]): uPlot.Plugin {
  const draw = (u: uPlot) => {
    const { min, max } = u.scales.x ?? {}
    if (min === undefined || max === undefined) return
    const { ctx } = u
    const ratio = devicePixelRatio
    ctx.save()
    ctx.font = `${11 * ratio}px ${look.font}`
    ctx.textBaseline = 'top'
    ctx.lineWidth = ratio
    ctx.setLineDash([2 * ratio, 3 * ratio])
    ctx.strokeStyle = look.palette().muted
    ctx.fillStyle = look.palette().muted
    drawMarks(
      u,
      marks().filter(({ at }) => at >= min && at <= max),
    )
    ctx.restore()
  }
  return { hooks: { drawAxes: draw } }
}
