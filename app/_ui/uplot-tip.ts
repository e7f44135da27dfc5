import type uPlot from 'uplot'
import { isDashed } from './series'
import type { ChartLook } from './uplot-plugins'

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
export function pointerTip(look: ChartLook, words: TipWords): uPlot.Plugin {
  const tip = document.createElement('div')
  tip.className =
    'pointer-events-none absolute top-2 z-10 rounded-control border bg-raised px-2.5 py-1.5 font-sans text-xs shadow-float'
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
