import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFrameReader, type Mark, stripControls } from './frames'

function read(text: string, cap = 1000, sizes: number[] = [7]): Mark[] {
  const marks: Mark[] = []
  const push = createFrameReader('f00d', cap, (mark) => marks.push(mark))
  const bytes = Buffer.from(text)
  let at = 0
  for (let turn = 0; at < bytes.length; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1)
    push(bytes.subarray(at, at + size))
    at += size
  }
  return marks
}

describe('createFrameReader', () => {
  it('gives back what was printed, with and without a last newline', () => {
    for (const printed of ['', 'a', 'a\n', 'a\n\n', '\n', 'ä\nб\n']) {
      const framed = `\n@@f00d B 0\n${printed}\n@@f00d E 0 0\n`
      expect(read(framed).map((mark) => mark.text)).toEqual(['', printed])
    }
  })

  it('ignores banners and marks of other exchanges', () => {
    const marks = read('Welcome!\n@@beef B 0\n\n@@f00d BEGIN\n\n@@f00d END\n')
    expect(marks.map((mark) => mark.words)).toEqual([['BEGIN'], ['END']])
  })

  it('does not depend on how the bytes are cut', () => {
    const text = '\n@@f00d B 0\nöne\ntwo\n@@f00d E 0 255\n\n@@f00d END\n'
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (sizes) => {
        expect(read(text, 1000, sizes)).toEqual(read(text, 1000, [1000]))
      }),
    )
  })

  it('cuts at the cap, says so, and still finds the next mark', () => {
    const marks = read(`\n@@f00d B 0\n${'x'.repeat(5000)}\n@@f00d E 0 0\n`, 100)
    expect(marks.map(({ text, cut }) => [text.length, cut])).toEqual([
      [0, false],
      [100, true],
    ])
  })

  it('cuts many short lines at the cap too', () => {
    const [, mark] = read(`\n@@f00d B 0\n${'ab\n'.repeat(500)}\n@@f00d E 0 0\n`, 100)
    expect(mark).toMatchObject({ cut: true })
    expect(mark?.text.length).toBeLessThanOrEqual(100)
  })
})

describe('stripControls', () => {
  it('keeps tabs and newlines and takes out escapes, bells and direction marks', () => {
    expect(stripControls('a\tb\n\x1b[31mred\x07\r\u202eevil\u009b')).toBe('a\tb\n[31mredevil')
  })
})
