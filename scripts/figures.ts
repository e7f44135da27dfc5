// `npm run bench -- NAME` and `npm run prove -- NAME` run one figure of bench/: a table, then one line of JSON.
// `--list` names them all, `--seed=N` repeats a run. Without a name all of the kind run.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Bench, Proof, Row } from '@/bench/figure'

const KINDS = ['bench', 'prove'] as const
const [kind = '', ...args] = process.argv.slice(2)
const given = args.find((arg) => arg.startsWith('--seed='))?.slice('--seed='.length)
/** Printed with the result, so that a failure can be repeated. */
const seed = given === undefined ? Date.now() % 2_147_483_647 : Number(given)
const folder = join(import.meta.dirname, '../bench')

function listNames(of: string): string[] {
  const suffix = `.${of}.ts`
  const files = readdirSync(folder).filter((file) => file.endsWith(suffix))
  return files.map((file) => file.slice(0, -suffix.length)).sort()
}

async function load(of: string, name: string): Promise<Bench | Proof> {
  const url = pathToFileURL(join(folder, `${name}.${of}.ts`)).href
  const { figure } = (await import(url)) as { figure?: Bench | Proof }
  if (figure === undefined) throw new Error(`bench/${name}.${of}.ts does not export figure`)
  return figure
}

async function list(): Promise<void> {
  for (const of of KINDS) {
    for (const name of listNames(of)) {
      const { about } = await load(of, name)
      console.log(`npm run ${of} -- ${name.padEnd(24)} ${about}`)
    }
  }
}

function formatTable(rows: Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))]
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)))
  const lines = cells.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return lines.join('\n')
}

async function runOne(name: string): Promise<boolean> {
  const figure = await load(kind, name)
  console.log(`${name}: ${figure.about}\n`)
  const { rows, result } = await figure.run({ seed })
  console.log(`${formatTable(rows)}\n`)
  console.log(JSON.stringify({ name, ...result }))
  return result.pass
}

async function main(): Promise<boolean> {
  if (args.includes('--list')) {
    await list()
    return true
  }
  const known = listNames(kind)
  const asked = args.filter((arg) => !arg.startsWith('--'))
  const unknown = asked.filter((name) => !known.includes(name))
  if (unknown.length > 0 || known.length === 0) {
    console.error(`There is no ${kind} ${unknown.join(', ')}; there are: ${known.join(', ')}`)
    return false
  }
  let pass = true
  for (const name of asked.length > 0 ? asked : known) pass = (await runOne(name)) && pass
  return pass
}

process.exitCode = (await main()) ? 0 : 1
