import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { auth } from '@/lib/auth/auth'
import type { Role } from '@/lib/auth/roles'
import { inTransaction } from '@/lib/db/transaction'

// Makes an account with a role, which has no page yet.

type Input = { name: string; email: string; password: string; role: Role }

const { password, ...user } = JSON.parse(readFileSync(0, 'utf8')) as Input
const { password: hasher } = await auth().$context
const hash = await hasher.hash(password)
const id = randomUUID()
const account = { id: randomUUID(), userId: id, accountId: id, providerId: 'credential' }
await inTransaction(async (tx) => {
  await tx.user.create({ data: { id, ...user, emailVerified: true } })
  await tx.account.create({ data: { ...account, password: hash } })
})
process.stdout.write(JSON.stringify({ id }))
