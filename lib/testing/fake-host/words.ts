const WORD = /(?:'[^']*'|\\.|[^ '\\])+/gu
const PIECE = /'([^']*)'|\\(.)|([^'\\]+)/gu

/**
 * Splits one line as a POSIX shell would, as far as our own lines need it: words in single quotes, `\'` between them,
 * bare words. Written for the fake host alone: it must not share a line with lib/ssh/quote.ts.
 */
export function shellWords(line: string): string[] {
  return [...line.matchAll(WORD)].map(([word]) =>
    word.replace(PIECE, (_, quoted?: string, escaped?: string, bare?: string) => {
      return quoted ?? escaped ?? bare ?? ''
    }),
  )
}
