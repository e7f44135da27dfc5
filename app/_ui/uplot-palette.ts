/** The colours that a canvas needs, as the browser computes them from the variables of the theme now. */
export type Palette = {
  text: string
  muted: string
  line: string
  raised: string
  series: (index: number) => string
}

/** Reads the colours: `light-dark()` is only resolved on an element, so one is made and asked. */
export function readPalette(beside: HTMLElement): Palette {
  const probe = document.createElement('span')
  probe.hidden = true
  beside.append(probe)
  const read = (name: string) => {
    probe.style.color = `var(--color-${name})`
    return getComputedStyle(probe).color
  }
  const hues = Array.from({ length: 8 }, (_, index) => read(`series-${index + 1}`))
  const palette = {
    text: read('text'),
    muted: read('muted'),
    line: read('line'),
    raised: read('raised'),
    series: (index: number) => hues[index % hues.length] ?? read('text'),
  }
  probe.remove()
  return palette
}

/** Calls `listener` whenever the page turns light or dark, by choice or with the system. Returns what stops it. */
export function watchTheme(listener: () => void): () => void {
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  const chosen = new MutationObserver(listener)
  chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  system.addEventListener('change', listener)
  return () => {
    chosen.disconnect()
    system.removeEventListener('change', listener)
  }
}
