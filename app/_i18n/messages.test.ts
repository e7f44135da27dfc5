import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTranslator } from 'next-intl'
import { expect, test } from 'vitest'
import { UNREACHABLE_STAGES } from '@/lib/errors'
import { MESSAGES } from './messages'

/** The leaves of the messages: `hosts.form.name` → its words. */
function leavesOf(node: unknown, path = ''): [string, string][] {
  if (typeof node === 'string') return [[path, node]]
  return Object.entries(node as object).flatMap(([key, child]) =>
    leavesOf(child, path === '' ? key : `${path}.${key}`),
  )
}

const LEAVES = new Map(leavesOf(MESSAGES.en))

test('every message can be formatted', () => {
  const broken: string[] = []
  const t = createTranslator({
    locale: 'en',
    messages: MESSAGES.en,
    onError: (error) => broken.push(error.message),
  })
  for (const [key, words] of LEAVES) {
    const names = [...words.matchAll(/\{\s*(\w+)/g)].map(([, name = '']) => [name, 1] as const)
    const tags = [...words.matchAll(/<(\w+)/g)].map(
      ([, name = '']) => [name, (inside: string) => inside] as const,
    )
    t.markup(key as never, Object.fromEntries<unknown>([...names, ...tags]) as never)
  }
  expect(broken).toEqual([])
})

/** Sources without what this test would take for itself. */
function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|generated|^testing/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
}

const APP = sourcesOf('app')
const LIB = sourcesOf('lib')

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A literal or a template as a pattern of keys: `state.${name}` → state\.[^.]+ */
function patternOf(text: string): string {
  return text
    .split(/\$\{[^}]*\}/)
    .map(escaped)
    .join('[^.]+')
}

const TRANSLATOR =
  /(?:(?:const|let) (\w+) = )?\(?(?:await )?(?:use|get)Translations\(\s*['"`]([^'"`]+)['"`]\s*\)/g
const TEXT = /'([\w.-]+)'|"([\w.-]+)"|`([\w.${}()!?: -]+)`/g

/** Patterns of the keys that a file can ask for; generous: any text of the file may be a key of its namespaces. */
function patternsIn(source: string): string[] {
  const translators = [...source.matchAll(TRANSLATOR)]
  const texts = [...source.matchAll(TEXT)].map(([, a, b, c]) => patternOf(a ?? b ?? c ?? ''))
  return translators.flatMap(([, name, namespace = '']) => {
    const root = patternOf(namespace)
    // `t(unit)`: any key right under the namespace.
    const isOpen = name !== undefined && new RegExp(`\\b${name}\\(\\s*[a-z]`, 'i').test(source)
    return [...texts.map((text) => `${root}\\.${text}`), ...(isOpen ? [`${root}\\.[^.]+`] : [])]
  })
}

test('no message is left that nobody shows', () => {
  const used = new RegExp(`^(?:${[...new Set(APP.flatMap(patternsIn))].join('|')})$`)
  // Their keys are codes of lib: the tests below know those.
  const isCode = (key: string) => /^(errors|fields|reasons)\./.test(key)
  const unused = [...LEAVES.keys()].filter((key) => !isCode(key) && !used.test(key))
  expect(unused).toEqual([])
})

/** The texts in what stands between a call's brackets and its first comma or closing bracket. */
function firstArguments(call: RegExp): string[] {
  const pattern = new RegExp(`${call.source}\\(([^,)]*(?:\\([^)]*\\)[^,)]*)*)`, 'g')
  return LIB.flatMap((source) => [...source.matchAll(pattern)])
    .flatMap(([, argument = '']) => [...argument.matchAll(/'([a-z][\w.-]*)'/g)])
    .map(([, code = '']) => code)
}

const hasFailure = (code: string) =>
  LEAVES.has(`errors.${code}.what`) && LEAVES.has(`errors.${code}.todo`)

test('every failure that lib throws says what happened and what to do', () => {
  const thrown = [
    ...firstArguments(/new (?:Conflict|NotFound|Unreadable|NotVerified)/),
    ...UNREACHABLE_STAGES.map((stage) => `unreachable.${stage}`),
    'command-failed',
    'invalid-input',
    'unexpected',
  ]
  expect(thrown.length).toBeGreaterThan(20)
  expect([...new Set(thrown)].filter((code) => !hasFailure(code))).toEqual([])
})

test('every reason that the core gives has words', () => {
  const given = firstArguments(/\breason/)
  // A verdict on the distribution has its words beside the chart that shows it.
  const isKnown = (code: string) =>
    LEAVES.has(`reasons.${code}`) || LEAVES.has(`live.${code}`) || hasFailure(code)
  expect(given.length).toBeGreaterThan(10)
  expect([...new Set(given)].filter((code) => !isKnown(code))).toEqual([])
})

test('every code that a form may show at a field has words', () => {
  const codes = LIB.flatMap((source) => [
    ...source.matchAll(
      /(?:message: |error: |\]: |InvalidInput\(\{ \w+: )'([a-z][a-z-]*\.[a-z-]+)'/g,
    ),
    ...source.matchAll(/\.(?:min|max|regex|refine|int)\([^'\n]*'([a-z][a-z-]*\.[a-z-]+)'\)/g),
    ...source.matchAll(/integerField\([^'\n]*'([a-z][a-z-]*\.[a-z-]+)'\)/g),
  ]).map(([, code = '']) => code)
  expect(codes.length).toBeGreaterThan(15)
  expect([...new Set(codes)].filter((code) => !LEAVES.has(`fields.${code}`))).toEqual([])
})

test('no words are left for a code that nobody gives', () => {
  const texts = new Set(
    [...LIB, ...APP].flatMap((source) =>
      [...source.matchAll(/['"`]([a-z][\w.-]*)['"`]/g)].map(([, text = '']) => text),
    ),
  )
  const own = /^(unexpected|output|invalid-input|unreachable)(\.|$)/
  const codes = [...LEAVES.keys()]
    .filter((key) => /^(errors|fields)\./.test(key))
    .map((key) => key.replace(/^(errors|fields)\./, '').replace(/\.(what|todo)$/, ''))
  const unknown = [...new Set(codes)].filter((code) => !own.test(code) && !texts.has(code))
  expect(unknown).toEqual([])
})

test('no word of the glossary is said in another way', () => {
  const never = /\b(load balancer|backend|frontend|upstream|vserver|algorithm|node|deploy)s?\b/i
  expect([...LEAVES].filter(([, words]) => never.test(words))).toEqual([])
})
