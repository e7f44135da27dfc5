import type { Proof, Row } from './figure'
import type { Case, CaseGroup } from './save-faults/case'
import { hostGroup } from './save-faults/hosts'
import { scriptGroups } from './save-faults/scripts'
import { tunboardGroup } from './save-faults/tunboard'

/** Fewer would mean that a group was lost: one shell alone has nearly ninety, the real host some forty. */
const GOAL = 120

const GROUPS = (): CaseGroup[] => [tunboardGroup, ...scriptGroups(), hostGroup]

/** What is wrong, in a few words; `undefined` when all is as it must be. */
async function problemOf({ name, run }: Case): Promise<string | undefined> {
  try {
    await run()
    return undefined
  } catch (error) {
    return `${name}: ${String(error).split('\n').slice(0, 3).join(' ')}`
  }
}

/** One row for cases that differ only in a number: `power cut before step 3` and `… 4`. */
const kindOf = (name: string): string => name.replace(/\d+/g, 'n')

async function runGroup({ name: group, with: prepare }: CaseGroup): Promise<Row[]> {
  const rows = new Map<string, { cases: number; failed: number; first: string }>()
  await prepare(async (cases) => {
    for (const each of cases) {
      const kind = kindOf(each.name)
      const row = rows.get(kind) ?? { cases: 0, failed: 0, first: '' }
      const problem = await problemOf(each)
      row.cases += 1
      if (problem !== undefined) {
        row.failed += 1
        row.first ||= problem
      }
      rows.set(kind, row)
    }
  })
  return [...rows].map(([fault, { cases, failed, first }]) => ({
    ...{ group, fault, cases, failed },
    ...(first === '' ? {} : { first }),
  }))
}

const sum = (rows: readonly Row[], column: string) =>
  rows.reduce((total, row) => total + Number(row[column]), 0)

export const figure: Proof = {
  name: 'save-faults',
  about:
    'a file that is saved has its old text or its new one, whole, whatever goes wrong meanwhile',
  async run({ seed }) {
    const rows: Row[] = []
    for (const group of GROUPS()) rows.push(...(await runGroup(group)))
    const [cases, failed] = [sum(rows, 'cases'), sum(rows, 'failed')]
    const pass = failed === 0 && cases >= GOAL
    return { rows, result: { cases, failed, seed, goal: GOAL, pass } }
  },
}
