import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTranslator } from 'next-intl'
import { expect, test } from 'vitest'
import { UNREACHABLE_STAGES } from '@/lib/errors'
import { LOCALES } from './locales'
import { MESSAGES } from './messages'

/** The leaves of the messages: `hosts.form.name` → its words. */
function leavesOf(node: unknown, path = ''): [string, string][] {
  if (typeof node === 'string') return [[path, node]]
  return Object.entries(node as object).flatMap(([key, child]) =>
    leavesOf(child, path === '' ? key : `${path}.${key}`),
  )
}

const LEAVES = new Map(leavesOf(MESSAGES.en))
const OTHERS = LOCALES.filter((locale) => locale !== 'en').map(
  (locale) => [locale, new Map(leavesOf(MESSAGES[locale]))] as const,
)

test.each(LOCALES)('every message of %s can be formatted', (locale) => {
  const broken: string[] = []
  const messages = MESSAGES[locale]
  const onError = (error: Error) => broken.push(error.message)
  const t = createTranslator({ locale, messages, onError })
  for (const [key, words] of leavesOf(messages)) {
    const names = [...words.matchAll(/\{\s*(\w+)/g)].map(([, name = '']) => [name, 1] as const)
    const tags = [...words.matchAll(/<(\w+)/g)].map(
      ([, name = '']) => [name, (inside: string) => inside] as const,
    )
    t.markup(key as never, Object.fromEntries<unknown>([...names, ...tags]) as never)
  }
  expect(broken).toEqual([])
})

/** What stands between the outermost braces of a text. */
function bracesOf(text: string): string[] {
  const found: string[] = []
  let [depth, start] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{' && depth++ === 0) start = at + 1
    if (text[at] === '}' && --depth === 0) found.push(text.slice(start, at))
  }
  return found
}

/** Names of the arguments of an ICU message; the options of a plural or a select are messages themselves. */
function argumentsOf(message: string): string[] {
  return bracesOf(message).flatMap((inside) => {
    const [, name = '', options = ''] = /^\s*(\w+)\s*(?:,\s*\w+\s*,([\s\S]*))?$/.exec(inside) ?? []
    return [name, ...bracesOf(options).flatMap(argumentsOf)]
  })
}

/** What code gives to a message: each argument and each tag once, in whatever order a language says them. */
function partsOf(message: string): string[] {
  const tags = [...message.matchAll(/<(\w+)/g)].map(([, name = '']) => `<${name}>`)
  return [...new Set([...argumentsOf(message), ...tags])].sort()
}

test('arguments are found where a message has others in its options', () => {
  const words =
    'A {who} {n, plural, =0 {none} one {# of {all}} other {{s, select, a {b} other {}}}} <i>x</i>'
  expect(partsOf(words)).toEqual(['<i>', 'all', 'n', 's', 'who'])
})

test.each(OTHERS)('%s has the messages that English has, and no others', (_, leaves) => {
  const keys = [...leaves.keys()]
  expect([...LEAVES.keys()].filter((key) => !leaves.has(key))).toEqual([])
  expect(keys.filter((key) => !LEAVES.has(key))).toEqual([])
})

test.each(OTHERS)('each message of %s takes what the English one takes', (_, leaves) => {
  const different = [...leaves]
    .map(([key, words]) => ({
      key,
      takes: partsOf(words),
      english: partsOf(LEAVES.get(key) ?? ''),
    }))
    .filter(({ takes, english }) => takes.join() !== english.join())
  expect(different).toEqual([])
})

/** What Chinese operators say as it is. */
const SAME_IN_CHINESE = ['VIP', 'RIP', 'DIP', 'root', 'sudo -n', 'ipvsadm', 'iproute2']
const PARAMETERS = ['rp_filter', 'arp_ignore', 'arp_announce']
const CHINESE = leavesOf(MESSAGES['zh-CN'])

test('no English is left in the Chinese messages', () => {
  const kept = new Set([...SAME_IN_CHINESE, ...PARAMETERS])
  const english = CHINESE.filter(([key, words]) => {
    const own = words.replaceAll(/\{\w+\}|<\/?\w+>/g, '')
    const isSame = words === LEAVES.get(key) && /[a-z]{2}/i.test(own)
    return (isSame || (/[a-z]{2}/i.test(own) && !/\p{sc=Han}/u.test(own))) && !kept.has(words)
  })
  expect(english).toEqual([])
})

test('Chinese has its own punctuation, and a space beside Latin letters and figures', () => {
  // The keyword of an option is no part of the words: `other {某项}`.
  const wrong =
    /\p{sc=Han}[,;:?!.()]|[,;?!()]\p{sc=Han}|\p{sc=Han}(?:[a-z0-9]|\{\w+\})|(?:[a-z0-9]|\{\w+\})\p{sc=Han}/iu
  expect(CHINESE.filter(([, words]) => wrong.test(words))).toEqual([])
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
  const neverInChinese = /后端|节点|负载均衡器|分发器|虚拟服务器|会话|部署|推送|回滚|持久化/
  expect(CHINESE.filter(([, words]) => neverInChinese.test(words))).toEqual([])
})
