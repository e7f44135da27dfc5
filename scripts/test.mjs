#!/usr/bin/env node
// `npm test`: everything, on a fresh clone too; ends with the line `N passed, N failed`.
//   --check            only what needs no build and no browser
//   --long             the long tests as well
//   --only=biome,hosts only these steps
// Other arguments go to Vitest and Playwright: `npm test -- --only=hosts -g "adds a real server"`.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  bin,
  checkNode,
  ensureBuild,
  ensureClient,
  ensureDependencies,
  NotReady,
  root,
  run,
  say,
} from './ready.mjs'
import { CHINESE_FONT, hasChineseFont, installPackages } from './system-packages.mjs'

const given = process.argv.slice(2)
const only = given.find((arg) => arg.startsWith('--only='))?.slice('--only='.length)
const isCheck = given.includes('--check')
const isLong = given.includes('--long')
const rest = given.filter((arg) => !['--check', '--long'].includes(arg) && !/^--only=/.test(arg))
// Property tests draw other cases each time; a failure prints its seed.
if (isLong) process.env.SEED ??= String(Date.now() % 2 ** 31)
const isCi = Boolean(process.env.CI)
const reports = mkdtempSync(join(tmpdir(), 'tunboard-reports-'))
process.on('exit', () => rmSync(reports, { recursive: true, force: true }))

const ALL = ['biome', 'tsc', 'vitest', 'build', 'hosts', 'lab', 'long']
const DEFAULT = isCheck ? ALL.slice(0, 3) : isLong ? ALL : ALL.slice(0, 6)
const chosen = only?.split(',') ?? DEFAULT

const one = (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 })

/** Counts a runner's own report. One that ended badly failed, whatever its report says. */
function count(file, code, read) {
  const numbers = existsSync(file)
    ? read(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0 }
  return code !== 0 && numbers.failed === 0 ? { ...numbers, failed: 1 } : numbers
}

/** A file that cannot be loaded has no tests to count, and is a failure. */
function readVitest({ numPassedTests, numFailedTests, numPendingTests, testResults }) {
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((each) => each.status !== 'failed'),
  )
  return {
    passed: numPassedTests,
    failed: numFailedTests + broken.length,
    skipped: numPendingTests,
  }
}

/** `errors` are those outside any test, like a server that did not start. */
function readPlaywright({ stats, errors }) {
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  }
}

async function runVitest() {
  const file = join(reports, 'vitest.json')
  const code = await run(bin('vitest'), [
    'run',
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...rest,
  ])
  return count(file, code, readVitest)
}

async function runPlaywright(project) {
  const file = join(reports, `${project}.json`)
  const args = ['test', `--project=${project}`, '--pass-with-no-tests', '--reporter=list,json']
  const code = await run(bin('playwright'), [...args, ...rest], {
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  })
  return count(file, code, readPlaywright)
}

/** Loads the lab's own answer to "can it run here?". */
async function findLabReason() {
  if (!existsSync(join(root, 'lab/lab.ts'))) return 'there is no lab/lab.ts'
  const { tsImport } = await import('tsx/esm/api')
  const { whyNoLab } = await tsImport('../lab/lab.ts', import.meta.url)
  return await whyNoLab()
}

async function runLab(project) {
  const reason = await findLabReason()
  if (reason === undefined) return runPlaywright(project)
  say(`\n*** NOT TESTED ON REAL KERNELS: ${reason}\n`)
  return { passed: 0, failed: isCi ? 1 : 0, skipped: 1 }
}

async function build() {
  await ensureBuild()
  return one(0)
}

const STEPS = {
  biome: async () => one(await run(bin('biome'), ['check', '--error-on-warnings'])),
  tsc: async () => {
    mkdirSync(join(root, 'node_modules/.cache/tunboard'), { recursive: true })
    return one(await run(bin('tsc'), []))
  },
  vitest: runVitest,
  build,
  hosts: () => runPlaywright('hosts'),
  lab: () => runLab('lab'),
  long: () => runLab('long'),
}
const NEEDS_BROWSER = ['hosts', 'lab', 'long']

/** Installs the system's Chromium where there is none: a fresh CI machine has root and nothing else. */
async function ensureChromium() {
  const { findChromium } = await import('./chromium.mjs')
  const packages = [
    ...(findChromium() === undefined ? ['chromium'] : []),
    // Boxes in place of characters have another width than the pages that are measured.
    ...(hasChineseFont() ? [] : [CHINESE_FONT]),
  ]
  if (packages.length === 0) return
  say(`Installing ${packages.join(' and ')} for the tests (first time)…`)
  await installPackages(packages)
  if (findChromium() === undefined)
    throw new NotReady(
      'No Chromium was found and none could be installed: set TUNBOARD_CHROMIUM to one.',
    )
}

/** A pattern that matches no file any more must not look like success; one asked for with `-g` may. */
function orNothingRan(result) {
  if (result.passed + result.failed + result.skipped > 0 || rest.length > 0) return result
  say('No test ran.')
  return { ...result, failed: 1 }
}

/** Runs one step; the next ones run whatever comes of it, so that one run shows all that is wrong. */
async function runStep(name) {
  const start = Date.now()
  say(`\n== ${name}`)
  try {
    const result = orNothingRan(await STEPS[name]())
    return { name, ...result, seconds: (Date.now() - start) / 1000 }
  } catch (error) {
    process.stderr.write(`${error instanceof NotReady ? error.message : error.stack}\n`)
    return { name, ...one(1), seconds: (Date.now() - start) / 1000 }
  }
}

function report(results) {
  say('')
  for (const { name, passed, failed, skipped, seconds } of results) {
    const more = skipped > 0 ? `, ${skipped} skipped` : ''
    say(`${name.padEnd(8)}${passed} passed, ${failed} failed${more} (${seconds.toFixed(1)} s)`)
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0)
  const [passed, failed] = [sum('passed'), sum('failed')]
  say(`${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0
}

async function main() {
  process.chdir(root)
  checkNode()
  const unknown = chosen.find((name) => STEPS[name] === undefined)
  if (unknown !== undefined)
    throw new NotReady(`There is no step ${unknown}; the steps are ${ALL.join(', ')}.`)
  await ensureDependencies()
  await ensureClient()
  const results = []
  for (const name of chosen) {
    if (NEEDS_BROWSER.includes(name)) await ensureChromium()
    results.push(await runStep(name))
  }
  return report(results)
}

main().then(
  (ok) => process.exit(ok ? 0 : 1),
  (error) => {
    process.stderr.write(`${error instanceof NotReady ? error.message : error.stack}\n`)
    say('0 passed, 1 failed')
    process.exit(1)
  },
)
