import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import live from '@/app/_i18n/en/live.json'

/** Every code of a verdict that the core writes out. */
function codesOfCore(): string[] {
  const folder = 'lib/lvs'
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
  const codes = sources.flatMap((source) => [...source.matchAll(/'distribution\.([a-z-]+)'/g)])
  return [...new Set(codes.map(([, code = '']) => code))].sort()
}

test('every verdict of the core is said in short, and with what it rests on; no words are left over', () => {
  const codes = codesOfCore()
  expect(codes.length).toBeGreaterThan(10)
  expect(Object.keys(live.distribution).sort()).toEqual(codes)
  expect(Object.keys(live.distributionWhy).sort()).toEqual(codes)
})
