import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidInput } from '@/lib/errors'
import { quote } from './quote'

/** What a real /bin/sh takes the text for: its words, one per line. */
function wordsOf(text: string): string[] {
  const script = `printf '%s\\n' ${text}`
  return execFileSync('/bin/sh', { input: script, encoding: 'utf8' }).split('\n').slice(0, -1)
}

describe('quote', () => {
  it('writes every word in single quotes', () => {
    expect(quote(['ipvsadm', '-A', '-t', '[fd00::1]:80'])).toBe(
      "'ipvsadm' '-A' '-t' '[fd00::1]:80'",
    )
  })

  it('writes a single quote so that it stays one', () => {
    expect(quote(["it's"])).toBe(`'it'\\''s'`)
  })

  it('gives a real shell exactly the words that went in', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'grapheme-ascii' }),
      fc.constantFrom(
        '',
        "'",
        '"',
        '\\',
        '$(id)',
        '`id`',
        '$HOME',
        '*',
        '~',
        '-n',
        '!!',
        '#',
        '&;|<>',
      ),
    )
    const words = fc
      .array(word, { minLength: 1, maxLength: 8 })
      .filter((all) => all.every((each) => !/\p{Cc}/u.test(each) && each.isWellFormed()))
    fc.assert(
      fc.property(words, (all) => {
        expect(wordsOf(quote(all))).toEqual(all)
      }),
      { numRuns: 200 },
    )
  })

  it.each(['a\nb', 'a\0b', '\r', '\x1b[31m', '\x7f', '\u0085', '\ud800'])('refuses %j', (word) => {
    expect(() => quote(['echo', word])).toThrow(InvalidInput)
  })

  it('refuses an empty command', () => {
    expect(() => quote([])).toThrow(InvalidInput)
  })
})
