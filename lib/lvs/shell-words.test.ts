import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reach } from './commands'
import { shellLine } from './shell-words'

test('a plain command is written as it is typed', () => {
  expect(shellLine(['ipvsadm', '-A', '-t', '172.25.254.100:80', '-s', 'rr'])).toBe(
    'ipvsadm -A -t 172.25.254.100:80 -s rr',
  )
})

test('what a shell would change is quoted', () => {
  expect(shellLine(reach({ rip: '172.25.254.2', port: 80 }))).toBe(
    `timeout 3 bash -c 'exec 3<>"/dev/tcp/$0/$1"' 172.25.254.2 80`,
  )
})

test('a real shell reads every line back as the words that it was written from', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 0, maxLength: 12 })
  const words = fc.array(
    word.filter((text) => !text.includes('\0')),
    { maxLength: 4 },
  )
  fc.assert(
    fc.property(words, (argv) => {
      const script = `for word in ${shellLine(argv)}; do printf '%s\\0' "$word"; done`
      const output = execFileSync('sh', ['-c', script], { encoding: 'utf8' })
      expect(output.split('\0').slice(0, -1)).toEqual(argv)
    }),
    { numRuns: 40 },
  )
})
