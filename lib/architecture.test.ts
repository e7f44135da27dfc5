import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

/** Whoever may import these may be printed, configured and fail: they know nothing of LVS. */
const GROUND = ['lib/errors', 'lib/secret', 'lib/env', 'lib/log']

/** The one-way rule. A box may import itself and the boxes listed for it, nothing else. */
const MAY_IMPORT: Record<string, string[]> = {
  'lib/errors': [],
  'lib/secret': [],
  'lib/env': ['lib/secret'],
  'lib/log': ['lib/env', 'lib/secret'],
  'lib/secret-key': ['lib/env', 'lib/log', 'lib/secret'],
  'lib/auth': ['lib/db', 'lib/secret-key', ...GROUND],
  'lib/lvs': ['lib/errors'],
  'lib/ssh': ['lib/lvs', 'lib/errors', 'lib/secret', 'lib/env'],
  'lib/db': ['lib/lvs', 'lib/errors', 'lib/secret', 'lib/env', 'lib/secret-key'],
  'lib/ops': ['lib/ssh', 'lib/db', 'lib/lvs', 'lib/secret-key', ...GROUND],
  'lib/testing': ['lib/errors'], // the fake host must not share code with the parser it feeds
  'app/_ui': [],
  app: ['app/_ui', 'lib/auth', 'lib/ops', 'lib/db', 'lib/lvs', ...GROUND],
  client: ['app', 'app/_ui', 'lib/lvs', 'lib/errors'], // runs in the browser
  instrumentation: ['lib/ops', 'lib/auth', 'lib/env', 'lib/log'],
  proxy: ['app', 'lib/auth', 'lib/env'],
}
/** npm packages with one home. */
const HOME: Record<string, string[]> = {
  ssh2: ['lib/ssh', 'lib/testing'],
  '@prisma/client': ['lib/db'],
  '@prisma/adapter-libsql': ['lib/db'],
  '@libsql/client': ['lib/db'],
}
/** lib/lvs decides and cannot do: zod and nothing else, not even node:*, no clock, no random. */
const PURE = {
  box: 'lib/lvs',
  packages: ['zod'],
  impure: /\b(Date\.now|new Date\(\)|Math\.random|crypto\.|performance\.|setTimeout|fetch\()/,
}
/** Addresses of Tunboard are written in app/paths.ts only, or a moved page leaves dead links. */
const URL_BY_HAND =
  /(?:\bhref[=:]\s*\{?|\b(?:redirect|permanentRedirect|revalidatePath|EventSource|fetch|router\.\w+)\(\s*(?:new URL\()?)['"`]\//

const BOXES = Object.keys(MAY_IMPORT).sort((a, b) => b.length - a.length)
const boxOfPath = (path: string) =>
  BOXES.find((box) => path === box || path === `${box}.ts` || path.startsWith(`${box}/`))

type File = { path: string; source: string }
type Import = { names: string; spec: string; isType: boolean }

function importsOf(source: string): Import[] {
  const found = source.matchAll(
    /(?:(?:import|export)\s+(type\s+)?\{?([^'";]*?)\}?\s*from\s*|import\s*\(?\s*)['"]([^'"]+)['"]/g,
  )
  return [...found].map(([, type, names = '', spec = '']) => ({
    names: type ? '' : names,
    spec,
    isType: type !== undefined,
  }))
}

function localPath(file: string, spec: string): string | undefined {
  if (spec.startsWith('@/')) return spec.slice(2)
  return spec.startsWith('.') ? normalize(join(dirname(file), spec)) : undefined
}

/** A 'use client' file takes what it imports into the browser, as far as the next 'use server'. */
function findClients(files: File[]): Set<string> {
  const bySpec = new Map(files.map((file) => [file.path.replace(/\.tsx?$/, ''), file]))
  const clients = new Set<string>()
  const visit = (file: File | undefined) => {
    if (file === undefined || clients.has(file.path)) return
    if (/^['"]use server['"]/.test(file.source)) return
    clients.add(file.path)
    const values = importsOf(file.source).filter(({ isType }) => !isType)
    for (const { spec } of values) visit(bySpec.get(localPath(file.path, spec) ?? ''))
  }
  for (const file of files) if (/^['"]use client['"]/.test(file.source)) visit(file)
  return clients
}

function isPackageBreach(from: string, spec: string): boolean {
  if (from === PURE.box) return !PURE.packages.includes(spec)
  const name = Object.keys(HOME).find((each) => spec === each || spec.startsWith(`${each}/`))
  return name !== undefined && !HOME[name]?.includes(from)
}

function isImportBreach(from: string, path: string, { names, spec }: Import): boolean {
  const target = localPath(path, spec)
  if (target === undefined) return isPackageBreach(from, spec)
  if (target.startsWith('lib/db/generated')) return from !== 'lib/db'
  const to = boxOfPath(target)
  if (to === undefined || to === from) return false
  // Pages read from the database with get* and list*; every change goes through lib/ops.
  const isWrite = names.split(',').some((name) => !/^\s*(type\s|get|list|$)/.test(name))
  if (from === 'app' && to === 'lib/db' && isWrite) return true
  return !MAY_IMPORT[from]?.includes(to)
}

/** What no import shows. */
const TEXT_RULES = [
  {
    matches: PURE.impure,
    isAllowed: (path: string) => boxOfPath(path) !== PURE.box,
    sentence: 'is not pure',
  },
  {
    matches: /process\.env/,
    isAllowed: (path: string) => ['lib/env.ts', 'instrumentation.ts'].includes(path),
    sentence: 'must not read process.env',
  },
  {
    matches: URL_BY_HAND,
    isAllowed: (path: string) => path === 'app/paths.ts',
    sentence: 'must take its URL from app/paths.ts',
  },
]

/** Lists every breach of the rules above, as sentences. */
function findBreaches(files: File[]): string[] {
  const clients = findClients(files)
  return files.flatMap(({ path, source }) => {
    const box = boxOfPath(path)
    if (box === undefined) return [`${path} is in no box`]
    const from = box === 'app' && clients.has(path) ? 'client' : box
    const imports = importsOf(source).filter((each) => isImportBreach(from, path, each))
    const texts = TEXT_RULES.filter((rule) => rule.matches.test(source) && !rule.isAllowed(path))
    return [
      ...imports.map(({ spec }) => `${path} must not import ${spec}`),
      ...texts.map(({ sentence }) => `${path} ${sentence}`),
    ]
  })
}

function readProject(): File[] {
  const inFolders = ['app', 'lib']
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
    )
  return [...inFolders, 'instrumentation.ts', 'proxy.ts']
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|^lib\/db\/generated\//.test(path))
    .filter((path) => existsSync(path))
    .map((path) => ({ path, source: readFileSync(path, 'utf8') }))
}

test('imports point one way', () => {
  const files = readProject()
  expect(files.length).toBeGreaterThan(10) // a rule that reads no files proves nothing
  expect(findBreaches(files)).toEqual([])
})

const CLIENT = `'use client'\n`

test.each([
  ['lvs reads a file', 'lib/lvs/plan.ts', `import { readFileSync } from 'node:fs'`],
  ['lvs uses another package', 'lib/lvs/plan.ts', `import { Client } from 'ssh2'`],
  ['lvs looks at the clock', 'lib/lvs/plan.ts', `const at = Date.now()`],
  ['lvs draws a number', 'lib/lvs/plan.ts', `const id = Math.random()`],
  ['lvs logs', 'lib/lvs/plan.ts', `import { log } from '@/lib/log'`],
  ['lvs reaches for ops by a relative path', 'lib/lvs/plan.ts', `import { a } from '../ops/a'`],
  ['ssh knows the database', 'lib/ssh/run.ts', `import { database } from '@/lib/db/client'`],
  ['the database knows ssh', 'lib/db/host.ts', `import type { Run } from '@/lib/ssh/run'`],
  ['ops knows the app', 'lib/ops/apply-plan.ts', `import { paths } from '@/app/paths'`],
  [
    'the fake host shares the parser',
    'lib/testing/fake-host.ts',
    `import { a } from '@/lib/lvs/a'`,
  ],
  ['the app opens a session itself', 'app/page.tsx', `import { Client } from 'ssh2'`],
  ['the app uses lib/ssh', 'app/page.tsx', `import { run } from '@/lib/ssh/run'`],
  ['the app writes', 'app/actions.ts', `import { getHost, saveHost } from '@/lib/db/host'`],
  ['the app takes the client', 'app/page.tsx', `import { database } from '@/lib/db/client'`],
  [
    'Prisma leaves its home',
    'lib/ops/a.ts',
    `import type { Host } from '@/lib/db/generated/client'`,
  ],
  ['libSQL leaves its home', 'lib/ops/a.ts', `import { createClient } from '@libsql/client/http'`],
  ['a browser file uses ops', 'app/form.tsx', `${CLIENT}import { a } from '@/lib/ops/a'`],
  ['a browser file uses db', 'app/form.tsx', `${CLIENT}import { getA } from '@/lib/db/a'`],
  ['a browser file uses ssh', 'app/form.tsx', `${CLIENT}import { a } from '@/lib/ssh/a'`],
  ['a generic piece knows LVS', 'app/_ui/table.tsx', `import { a } from '@/lib/lvs/a'`],
  ['a dynamic import', 'lib/lvs/plan.ts', `const fs = await import('node:fs')`],
  ['a re-export', 'lib/lvs/plan.ts', `export { log } from '@/lib/log'`],
  ['an import for its effect', 'lib/lvs/plan.ts', `import 'server-only'`],
  ['an import over several lines', 'lib/lvs/plan.ts', `import {\n  a,\n  b,\n} from '../ops/a'`],
  ['settings are read elsewhere', 'lib/ops/a.ts', `const port = process.env.PORT`],
  ['a link by hand', 'app/page.tsx', `<Link href="/hosts">`],
  ['a link by template', 'app/page.tsx', '<Link href={`/hosts`}>'],
  ['a redirect by hand', 'app/actions.ts', `redirect('/login')`],
  ['a navigation by hand', 'app/form.tsx', `router.push('/hosts')`],
  ['a stream by hand', 'app/live.tsx', `new EventSource('/api/live')`],
  ['a file in no box', 'lib/helpers.ts', ''],
])('the rules notice when %s', (_, path, source) => {
  expect(findBreaches([{ path, source }])).toHaveLength(1)
})

test('the rules notice when a browser file takes the database along through another file', () => {
  const form = { path: 'app/form.tsx', source: `${CLIENT}import { title } from './title'` }
  const title = { path: 'app/title.ts', source: `import { getHost } from '@/lib/db/host'` }
  expect(findBreaches([title])).toEqual([])
  expect(findBreaches([form, title])).toEqual(['app/title.ts must not import @/lib/db/host'])
  const action = { path: 'app/title.ts', source: `'use server'\n${title.source}` }
  expect(findBreaches([form, action])).toEqual([])
})

test.each([
  ['lib/lvs/plan.ts', `import { z } from 'zod'\nimport { NotFound } from '../errors'`],
  ['lib/ops/apply-plan.ts', `import { run } from '@/lib/ssh/run'\nimport { log } from '@/lib/log'`],
  ['app/page.tsx', `import { getHost, type Host, listHosts } from '@/lib/db/host'`],
  ['app/page.tsx', `<a href={paths.hosts}>{text.replace('/', '-')}</a>`],
  ['app/form.tsx', `${CLIENT}import { add } from './actions'\nimport { a } from '@/lib/lvs/a'`],
  ['app/paths.ts', `export const paths = { home: '/' }`],
])('the rules let %s do what it may', (path, source) => {
  expect(findBreaches([{ path, source }])).toEqual([])
})
