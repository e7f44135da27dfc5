import { NextRequest } from 'next/server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { auth } from '@/lib/auth/auth'
import { createFirstAdministrator } from '@/lib/auth/first-run'
import { useTestDatabase } from '@/lib/db/test-database'
import { createCluster } from '@/lib/ops/create-cluster'
import { stopLive } from '@/lib/ops/live'
import { addLab, contextOf, tutorialForm } from '@/lib/ops/test-world'
import { GET } from './route'

const ORIGIN = 'http://127.0.0.1:3000'
const ANN = { name: 'Ann', email: 'ann@example.org', password: 'correct horse battery' }

let remove: () => Promise<void>
beforeEach(async () => {
  ;({ remove } = await useTestDatabase())
  globalThis.tunboardAuth = undefined
  globalThis.tunboardSecretKey = Buffer.alloc(32, 1)
})
afterEach(async () => {
  await stopLive()
  await remove()
})

/** Logs in as a browser does. */
async function logIn(): Promise<string> {
  await createFirstAdministrator(ANN, new Date('2026-11-22T10:00:00Z'))
  const response = await auth().handler(
    new Request(`${ORIGIN}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { origin: ORIGIN, 'content-type': 'application/json' },
      body: JSON.stringify(ANN),
    }),
  )
  const cookies = response.headers.getSetCookie()
  return cookies.map((line) => line.split(';')[0]).join('; ')
}

function ask(id: string, cookie = '', signal = new AbortController().signal) {
  const request = new NextRequest(`${ORIGIN}/live`, { headers: { cookie }, signal })
  return GET(request, { params: Promise.resolve({ id }) })
}

test('without a session nothing is told, not even whether the cluster exists', async () => {
  const response = await ask('nothing')
  expect(response.status).toBe(401)
  expect(await response.json()).toEqual({ reason: 'not-logged-in' })
})

test('a cluster that does not exist is not found', async () => {
  const response = await ask('nothing', await logIn())
  expect(response.status).toBe(404)
})

test('who is logged in gets the history, then the directors; leaving ends it', async () => {
  const clusterId = await createCluster(contextOf(), tutorialForm(await addLab()))
  const leaving = new AbortController()
  const response = await ask(clusterId, await logIn(), leaving.signal)
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!text.includes('event: live')) text += (await reader?.read())?.value ?? ''
  expect(text).toMatch(
    /^retry: \d+\n\nevent: history\ndata: \{"now":\d+,"at":\[\],"active":\{\}\}\n\n/,
  )
  // Nobody has approved the key of the lab's director, so it is lost, with the reason.
  expect(text).toContain('"reason":{"code":"unreachable.host-key-unknown"')
  leaving.abort()
  expect((await reader?.read())?.done).toBe(true)
})
