import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'

/** What answers without a session, and why it may. */
const OPEN: Record<string, string> = {
  'app/(entry)/actions.ts': 'a language is a cookie of this browser, and nothing else',
  'app/(entry)/login/page.tsx': 'whoever logs in has no session',
  'app/(entry)/login/actions.ts': 'whoever logs in has no session',
  'app/(entry)/first-run/page.tsx': 'there is no account yet; closed afterwards',
  'app/(entry)/first-run/actions.ts':
    'there is no account yet; lib/auth closes it in the transaction',
  'app/api/auth/[...all]/route.ts': 'better-auth decides; sign-up is closed',
  'app/api/health/route.ts': 'a supervisor asks; tells nothing but up or down',
}

type File = { path: string; source: string }

const EXPORT = /^export (?:const|async function|function|default|\{)[^\n]*/gm
const METHOD = /^export const (GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) = handler(<[^(]*>)?\(/
const CONSTANT = /^export const (dynamic|runtime|maxDuration|revalidate) = /
const ACTION = /^export const \w+ = action\($/
const ACTION_ON_ONE_LINE = /^export const \w+ = action\(/

/** Everything that Next calls for a browser, and how each must ask for a session. */
function breachesIn({ path, source }: File): string[] {
  const exports = source.match(EXPORT) ?? []
  const wrong = (test: (line: string) => boolean) => exports.filter((line) => !test(line))
  if (basename(path) === 'page.tsx') {
    const parts = source.split(/^export (?=default |async function generateMetadata)/m).slice(1)
    // Reading a title reads the database too.
    const silent = parts.filter(
      (part) => readsData(part) && !part.includes('await requireSession('),
    )
    const hasDefault = parts.some((part) => part.startsWith('default'))
    const page = parts.find((part) => part.startsWith('default')) ?? ''
    return hasDefault && page.includes('await requireSession(') && silent.length === 0
      ? []
      : [`${path} does not call requireSession`]
  }
  if (basename(path) === 'route.ts')
    return wrong((line) => METHOD.test(line) || CONSTANT.test(line)).map(
      (line) => `${path} answers without handler(): ${line}`,
    )
  if (/^['"]use server['"]/m.test(source))
    return wrong((line) => ACTION.test(line) || ACTION_ON_ONE_LINE.test(line)).map(
      (line) => `${path} acts without action(): ${line}`,
    )
  return []
}

/** A part of a page that reads more than words. */
function readsData(part: string): boolean {
  return /\b(read|get|list)[A-Z]\w*\(/.test(part.replaceAll(/get(Translations|Locale)\(/g, ''))
}

function filesOfApp(): File[] {
  return readdirSync('app', { recursive: true, encoding: 'utf8' })
    .map((name) => join('app', name))
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
    .map((path) => ({ path, source: readFileSync(path, 'utf8') }))
}

test('every page, route and action asks for a session, but for those that are listed', () => {
  const files = filesOfApp()
  const found = files.filter((file) => !(file.path in OPEN)).flatMap(breachesIn)
  expect(found).toEqual([])
  // A rule that reads no files proves nothing.
  expect(files.filter(({ path }) => basename(path) === 'page.tsx').length).toBeGreaterThan(5)
})

test('the list of open ones holds nothing that is gone, or closed by now', () => {
  const files = filesOfApp()
  const open = Object.keys(OPEN).filter((path) =>
    files.some((file) => file.path === path && breachesIn(file).length > 0),
  )
  expect(open).toEqual(Object.keys(OPEN))
})

const PLANTED: [string, File][] = [
  [
    'a page that forgets it',
    {
      path: 'app/(console)/x/page.tsx',
      source: 'export default async function Page() {\n  return <p>{await listHosts()}</p>\n}\n',
    },
  ],
  [
    'a page whose title reads the database before it asks',
    {
      path: 'app/(console)/x/page.tsx',
      source:
        'export async function generateMetadata() {\n  return { title: (await getHost()).name }\n}\n' +
        'export default async function Page() {\n  await requireSession()\n}\n',
    },
  ],
  [
    'a route of its own making',
    {
      path: 'app/api/x/route.ts',
      source: "export async function GET() {\n  return Response.json('all')\n}\n",
    },
  ],
  [
    'an action of its own making beside good ones',
    {
      path: 'app/(console)/x/actions.ts',
      source:
        "'use server'\nexport const good = action({ role: 'viewer' }, run)\n" +
        'export async function bad() {\n  await deleteHost()\n}\n',
    },
  ],
  [
    'an action for everybody',
    {
      path: 'app/(console)/x/actions.ts',
      source: "'use server'\nexport const bad = openAction({ schema }, run)\n",
    },
  ],
]

test.each(PLANTED)('%s is found', (_, file) => {
  expect(breachesIn(file)).toHaveLength(1)
})
