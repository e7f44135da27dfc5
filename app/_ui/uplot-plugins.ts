import type uPlot from 'uplot'
import { isDashed } from './series'
import { spreadLabels } from './uplot-labels'
import type { Palette } from './uplot-palette'

export type ChartSeries = {
  id: string
  label: string
  /** Which hue; see series.ts. */
  index: number
}

/** Something that happened: a line across the chart at its time. */
export type ChartMark = { at: number; label: string }

type Look = {
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
export function endLabels({ palette, font, series, formatValue }: Look): uPlot.Plugin {
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

/** Draws what happened as lines across the chart, with its name at the top. */
export function eventMarks(look: Look, marks: () => readonly ChartMark[]): uPlot.Plugin {
  const draw = (u: uPlot) => {
    const { ctx, bbox } = u
    const { min, max } = u.scales.x ?? {}
    const ratio = devicePixelRatio
    ctx.save()
    ctx.font = `${11 * ratio}px ${look.font}`
    ctx.textBaseline = 'top'
    for (const { at, label } of marks()) {
      if (min === undefined || max === undefined || at < min || at > max) continue
      const x = Math.round(u.valToPos(at, 'x', true))
      ctx.strokeStyle = look.palette().muted
      ctx.fillStyle = look.palette().muted
      ctx.lineWidth = ratio
      ctx.setLineDash([2 * ratio, 3 * ratio])
      ctx.beginPath()
      ctx.moveTo(x, bbox.top)
      ctx.lineTo(x, bbox.top + bbox.height)
      ctx.stroke()
      const isLate = x > bbox.left + bbox.width * 0.8
      ctx.textAlign = isLate ? 'right' : 'left'
      ctx.fillText(label, x + (isLate ? -5 : 5) * ratio, bbox.top + 2 * ratio)
    }
    ctx.restore()
  }
  return { hooks: { drawAxes: draw } }
}

type TipWords = { formatTime: (seconds: number) => string; more: (count: number) => string }

const MOST_TIP_ROWS = 10

function tipRow(mark: { color: string; isDashed: boolean }, name: string, value: string) {
  const row = document.createElement('div')
  row.className = 'flex items-center gap-2 whitespace-nowrap'
  const line = document.createElement('span')
  line.className = 'inline-block w-3'
  line.style.borderTop = `3px ${mark.isDashed ? 'dashed' : 'solid'} ${mark.color}`
  const label = document.createElement('span')
  label.className = 'max-w-40 flex-1 truncate text-muted'
  label.textContent = name
  const figure = document.createElement('span')
  figure.className = 'pl-3 font-mono text-text'
  figure.textContent = value
  row.append(line, label, figure)
  return row
}

/** Shows all values at the pointer's time, the largest first, beside it. Text comes in as text, never as markup. */
export function pointerTip(look: Look, words: TipWords): uPlot.Plugin {
  const tip = document.createElement('div')
  tip.className =
    'pointer-events-none absolute top-2 z-10 rounded-control border bg-raised px-2.5 py-1.5 text-xs shadow-float'
  const fill = (u: uPlot, index: number) => {
    const time = document.createElement('div')
    time.className = 'pb-0.5 font-strong text-text'
    time.textContent = words.formatTime(u.data[0]?.[index] ?? 0)
    const rows = look.series
      .map((each, row) => ({ ...each, value: u.data[row + 1]?.[index] ?? undefined }))
      .sort((a, b) => (b.value ?? -1) - (a.value ?? -1))
    const shown = rows.slice(0, MOST_TIP_ROWS).map((each) => {
      const mark = { color: look.palette().series(each.index), isDashed: isDashed(each.index) }
      return tipRow(mark, each.label, each.value === undefined ? '—' : look.formatValue(each.value))
    })
    tip.replaceChildren(time, ...shown)
    if (rows.length <= MOST_TIP_ROWS) return
    const more = document.createElement('div')
    more.className = 'text-muted'
    more.textContent = words.more(rows.length - MOST_TIP_ROWS)
    tip.append(more)
  }
  const setCursor = (u: uPlot) => {
    const { idx, left } = u.cursor
    tip.hidden = idx === null || idx === undefined || left === undefined || left < 0
    if (tip.hidden || idx === null || idx === undefined || left === undefined) return
    fill(u, idx)
    const isLate = left > u.over.clientWidth / 2
    tip.style.left = isLate ? '' : `${left + 12}px`
    tip.style.right = isLate ? `${u.over.clientWidth - left + 12}px` : ''
  }
  return {
    hooks: {
      init: (u) => {
        tip.hidden = true
        u.over.append(tip)
      },
      setCursor,
    },
  }
}
