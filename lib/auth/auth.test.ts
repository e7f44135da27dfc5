import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { database } from '@/lib/db/client'
import { useTestDatabase } from '@/lib/db/test-database'
import { Conflict, InvalidInput } from '@/lib/errors'
import { log } from '@/lib/log'
import { changePassword, logIn, logOut } from './account'
import { auth } from './auth'
import { createFirstAdministrator, isFirstRun } from './first-run'
import { readSession } from './session'

const ANN = { name: 'Ann', email: 'Ann@example.org', password: 'correct horse battery' }
const NOW = new Date('2026-11-22T10:00:00Z')

let removeDatabase: () => Promise<void>
let refusals: string[]
let clients = 0
beforeEach(async () => {
  refusals = []
  vi.spyOn(log, 'warn').mockImplementation((...line) => void refusals.push(JSON.stringify(line)))
  removeDatabase = (await useTestDatabase()).remove
  globalThis.tunboardAuth = undefined
  globalThis.tunboardSecretKey = Buffer.from('k'.repeat(64))
})
afterEach(async () => {
  await removeDatabase()
})

const ORIGIN = 'http://127.0.0.1:3000'

/** Sends a request through better-auth's router, as a browser does; each is another client to its rate limit. */
function send(path: string, body: unknown, cookie?: string): Promise<Response> {
  const headers = new Headers({ origin: ORIGIN, 'content-type': 'application/json' })
  headers.set('x-forwarded-for', `10.0.0.${++clients}`)
  if (cookie !== undefined) headers.set('cookie', cookie)
  return auth().handler(
    new Request(`${ORIGIN}/api/auth${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    }),
  )
}

async function cookieOf(credentials: { email: string; password: string }): Promise<string> {
  const response = await send('/sign-in/email', credentials)
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

test('of two first runs at once exactly one makes an account, and the other hears that it is closed', async () => {
  expect(await isFirstRun()).toBe(true)
  const outcomes = await Promise.allSettled([
    createFirstAdministrator(ANN, NOW),
    createFirstAdministrator({ ...ANN, name: 'Bob', email: 'bob@example.org' }, NOW),
  ])
  expect(outcomes.map((it) => it.status).sort()).toEqual(['fulfilled', 'rejected'])
  const rejected = outcomes.find((it) => it.status === 'rejected')
  expect(rejected?.reason).toBeInstanceOf(Conflict)
  expect(rejected?.reason).toMatchObject({ reason: 'first-run-closed' })
  expect(await database().user.count()).toBe(1)
  expect(await database().account.count()).toBe(1)
  expect(await isFirstRun()).toBe(false)
})

test('a first run that fails half way leaves it open', async () => {
  await database().user.create({ data: { id: 'x', name: 'X', email: 'ann@example.org' } })
  await expect(createFirstAdministrator(ANN, NOW)).rejects.toThrow()
  expect(await isFirstRun()).toBe(true)
  expect(await database().account.count()).toBe(0)
})

test('the administrator logs in, is read as administrator, and after logging out is nobody', async () => {
  const id = await createFirstAdministrator(ANN, NOW)
  const cookie = await cookieOf({ email: 'ann@EXAMPLE.org', password: ANN.password })
  const headers = new Headers({ cookie })
  expect(await readSession(headers)).toMatchObject({
    user: { id, name: 'Ann', email: 'ann@example.org', role: 'admin' },
  })
  await logOut(headers)
  expect(await readSession(headers)).toBeUndefined()
})

test('a changed session cookie is nobody', async () => {
  await createFirstAdministrator(ANN, NOW)
  const cookie = await cookieOf(ANN)
  const forged = cookie.replace(/=(.)/, (_, first) => `=${first === 'a' ? 'b' : 'a'}`)
  expect(await readSession(new Headers({ cookie: forged }))).toBeUndefined()
})

test('a wrong password and an unknown email are refused with the same words', async () => {
  await createFirstAdministrator(ANN, NOW)
  const wrong = [
    { email: ANN.email, password: 'not the password' },
    { email: 'nobody@example.org', password: ANN.password },
    { email: 'no address', password: ANN.password },
  ]
  for (const credentials of wrong)
    await expect(logIn(credentials, new Headers())).rejects.toMatchObject({
      reason: 'login-refused',
      values: {},
    })
  expect(refusals).toHaveLength(3)
  expect(refusals.join()).not.toMatch(/not the password|correct horse/)
})

test('the eleventh attempt is paused even with the right password', async () => {
  await createFirstAdministrator(ANN, NOW)
  for (let n = 0; n < 10; n++)
    await expect(
      logIn({ email: ANN.email, password: `wrong ${n}` }, new Headers()),
    ).rejects.toMatchObject({ reason: 'login-refused' })
  await expect(logIn(ANN, new Headers())).rejects.toMatchObject({
    reason: 'login-paused',
    values: { minutes: 5 },
  })
})

test('nobody signs up over the API, neither before the first run nor after it', async () => {
  expect((await send('/sign-up/email', ANN)).ok).toBe(false)
  await createFirstAdministrator(ANN, NOW)
  const response = await send('/sign-up/email', { ...ANN, email: 'eve@example.org' })
  expect(response.ok).toBe(false)
  expect(await database().user.count()).toBe(1)
})

test('nobody raises his own role over the API', async () => {
  const id = await createFirstAdministrator(ANN, NOW)
  await database().user.update({ where: { id }, data: { role: 'viewer' } })
  const cookie = await cookieOf(ANN)
  await send('/update-user', { role: 'admin' }, cookie)
  expect((await database().user.findUnique({ where: { id } }))?.role).toBe('viewer')
})

test('a login from a foreign origin is refused', async () => {
  await createFirstAdministrator(ANN, NOW)
  const request = new Request(`${ORIGIN}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: {
      origin: 'https://evil.example',
      'content-type': 'application/json',
      'x-forwarded-for': '10.1.0.1',
    },
    body: JSON.stringify(ANN),
  })
  expect((await auth().handler(request)).status).toBe(403)
})

test('changing the password needs the old one, and logs other browsers out', async () => {
  await createFirstAdministrator(ANN, NOW)
  const [here, elsewhere] = [await cookieOf(ANN), await cookieOf(ANN)]
  const headers = new Headers({ cookie: here })
  const next = 'a whole new sentence'
  await expect(changePassword({ current: 'wrong', next }, headers)).rejects.toBeInstanceOf(
    InvalidInput,
  )
  await changePassword({ current: ANN.password, next }, headers)
  expect(await readSession(new Headers({ cookie: elsewhere }))).toBeUndefined()
  await expect(logIn(ANN, new Headers())).rejects.toMatchObject({ reason: 'login-refused' })
  expect(
    await readSession(new Headers({ cookie: await cookieOf({ ...ANN, password: next }) })),
  ).toBeDefined()
})
