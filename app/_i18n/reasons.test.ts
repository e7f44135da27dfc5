import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Item } from '@/lib/lvs/ledger'
import { MESSAGES } from './messages'

const FOLDER = 'lib/lvs'
const SOURCES = readdirSync(FOLDER)
  .filter((name) => /\.ts$/.test(name) && !/\.test\.ts$/.test(name))
  .map((name) => readFileSync(join(FOLDER, name), 'utf8'))

const { refusal, remedy, survives, why } = MESSAGES.en.reasons

test('every refusal of the planner says what is the case, and what to do', () => {
  const written = SOURCES.flatMap((source) => [
    ...source.matchAll(/refuse\(\w+, '([a-z0-9-]+)'/g),
    ...source.matchAll(/'refusal\.([a-z0-9-]+)'/g),
  ]).map(([, code = '']) => code)
  const codes = [...new Set(written)].sort()
  expect(codes.length).toBeGreaterThan(15)
  expect(Object.keys(refusal).sort()).toEqual(codes)
  expect(Object.keys(remedy).sort()).toEqual(codes)
})

test('every step has its reason, also where its code is made of a kind or a parameter', () => {
  const kinds: Record<Item['kind'], true> = {
    ...{ module: true, sysctl: true, link: true, address: true },
    ...{ service: true, entry: true, file: true, unit: true },
  }
  const written = SOURCES.flatMap((source) => [...source.matchAll(/'why\.([a-z0-9_-]+)'/g)])
  const codes = [
    ...written.map(([, code = '']) => code),
    ...Object.keys(kinds).map((kind) => `remove-${kind}`),
    ...['arp_ignore', 'arp_announce', 'rp_filter'],
  ]
  expect(Object.keys(why).sort()).toEqual([...new Set(codes)].sort())
})

test('every reason of a verdict on a reboot has words, and none has words that is not given', () => {
  const source = readFileSync(join(FOLDER, 'survives.ts'), 'utf8')
  const given = [...source.matchAll(/check\('(?:ok|doubtful|bad)', '([a-z-]+)'/g)].map(
    ([, code = '']) => code,
  )
  expect(given.length).toBeGreaterThan(8)
  const codes = Object.keys(survives)
  expect(given.filter((code) => !codes.includes(code))).toEqual([])
  // A code may be chosen among several, or made of a topic: `rules-lost`.
  const texts = new Set([...source.matchAll(/'([a-z-]+)'/g)].map(([, text = '']) => text))
  const isGiven = (code: string) => texts.has(code) || texts.has(code.replace(/-lost$/, ''))
  expect(codes.filter((code) => !isGiven(code))).toEqual([])
})

test('what is not well at a reboot says what to do about it', () => {
  const silent = Object.entries(survives).filter(([, words]) => !('todo' in words))
  expect(silent.map(([code]) => code).sort()).toEqual([
    'modules',
    'rules',
    'sysctl',
    'tunnel',
    'unit',
  ])
})
