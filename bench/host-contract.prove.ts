import { readFileSync } from 'node:fs'
import { type Lab, startLab } from '@/lab/lab'
import { closeAll } from '@/lib/ssh/client'
import { type Clause, HOST_CONTRACT } from '@/lib/ssh/host-contract'
import type { SshTarget } from '@/lib/ssh/target'
import { asStudent, targetOf } from '@/lib/ssh/test-target'
import type { Proof, Row } from './figure'

const SUITES = ['bookworm', 'trixie'] as const
const USERS = ['root', 'student'] as const
const GOAL = SUITES.length * USERS.length * HOST_CONTRACT.length

async function directorOf(lab: Lab): Promise<SshTarget> {
  return targetOf({
    ...{ name: 'director', port: lab.nodes.director?.port ?? 0 },
    fingerprint: await lab.fingerprint('director'),
    privateKey: readFileSync(lab.keyFile, 'utf8'),
  })
}

/** What is wrong, in a few words; nothing when the host keeps the clause. */
async function problemOf({ check }: Clause, target: SshTarget): Promise<string | undefined> {
  try {
    await check(target)
    return undefined
  } catch (error) {
    return String(error).split('\n')[0]
  }
}

async function proveSuite(suite: (typeof SUITES)[number]): Promise<Row[]> {
  const lab = await startLab({ suite, nodes: ['director'] })
  const rows: Row[] = []
  try {
    const root = await directorOf(lab)
    for (const user of USERS) {
      const target = user === 'root' ? root : asStudent(root)
      for (const clause of HOST_CONTRACT) {
        const problem = await problemOf(clause, target)
        rows.push({ suite, user, clause: clause.name, result: problem ?? 'kept' })
      }
    }
  } finally {
    await closeAll()
    await lab.stop()
  }
  return rows
}

export const figure: Proof = {
  name: 'host-contract',
  about:
    'real hosts do what the fake one does: each clause of the contract, as root and as a user with sudo',
  async run({ seed }) {
    const rows: Row[] = []
    for (const suite of SUITES) rows.push(...(await proveSuite(suite)))
    const failed = rows.filter(({ result }) => result !== 'kept').length
    const pass = failed === 0 && rows.length === GOAL
    return { rows, result: { cases: rows.length, failed, seed, goal: GOAL, pass } }
  },
}
