import { type APIRequestContext, expect, type Page } from '@playwright/test'
import { seed, withFakeLab } from '../fake'
import { expectGoodLooks } from '../looks'
import { fill, findRoutes } from '../routes'
import { ADA, apply, firstRun, logIn, nothingYet, problem } from '../steps'
import { runScript, test, withApp } from '../test'

test.describe.configure({ mode: 'serial' })
const app = withApp({ asAda: false })
const fleet = withFakeLab()

const ROUTES = findRoutes().map(({ pattern, isPage }) => ({
  path: fill(pattern, () => 'x'),
  isPage,
}))
const OPEN = ['/login', '/first-run', '/api/auth/x', '/api/health']
const closed = ROUTES.filter(({ path }) => !OPEN.includes(path))
const VIEWER = { name: 'Vera', email: 'vera@example.org', password: 'a long enough sentence' }

/** What a route answers without following where it leads. */
async function answerOf(request: APIRequestContext, path: string, cookie = '') {
  const response = await request.get(path, { maxRedirects: 0, headers: { cookie } })
  const to = response.headers().location ?? ''
  return { status: response.status(), to: to === '' ? '' : new URL(to, app().url).pathname }
}

async function fillFirstRun(page: Page) {
  await page.goto('/first-run')
  await page.getByLabel('Your name').fill('Mallory')
  await page.getByLabel('Email').fill('mallory@example.org')
  await page.getByLabel('Password', { exact: true }).fill('another long sentence')
  await page.getByLabel('Password again').fill('another long sentence')
}

test('the routes are those that there are', () => {
  expect(closed.length).toBeGreaterThan(20)
  expect(ROUTES.length - closed.length).toBe(OPEN.length)
})

test('of two who make the first account at once one wins, and nobody can sign up afterwards', async ({
  page,
  browser,
  request,
}) => {
  const stranger = await browser.newContext({ baseURL: app().url })
  const late = await stranger.newPage()
  await fillFirstRun(late)
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Welcome to Tunboard' })).toBeVisible()
  await expectGoodLooks(page)
  await firstRun(page)
  await late.getByRole('button', { name: 'Create the administrator' }).click()
  await expect(problem(late, 'This installation already has its administrator')).toBeVisible()
  await expect(late.getByLabel('Your name')).toHaveValue('Mallory')
  await late.goto('/first-run')
  await expect(late.getByRole('button', { name: 'Log in' })).toBeVisible()
  await stranger.close()
  const { name, email, password } = VIEWER
  const headers = { origin: app().url }
  const response = await request.post('/api/auth/sign-up/email', {
    data: { name, email, password },
    headers,
  })
  expect(response.status()).toBeGreaterThanOrEqual(400)
})

test('without a session every page leads to the login, and every other route answers 401', async ({
  playwright,
}) => {
  const request = await playwright.request.newContext({ baseURL: app().url })
  for (const { path, isPage } of closed) {
    const wanted = isPage ? { status: 307, to: '/login' } : { status: 401, to: '' }
    expect(await answerOf(request, path), path).toEqual(wanted)
  }
  expect(await answerOf(request, '/api/health')).toMatchObject({ status: 200 })
  await request.dispose()
})

test('a session that was made up is none: pages themselves ask for it, not the proxy alone', async ({
  playwright,
}) => {
  const request = await playwright.request.newContext({ baseURL: app().url })
  const forged = `tunboard-${app().port}.session_token=made.up`
  for (const { path, isPage } of closed) {
    const wanted = isPage ? { status: 307, to: '/login' } : { status: 401, to: '' }
    expect(await answerOf(request, path, forged), path).toEqual(wanted)
  }
  await request.dispose()
})

test('a login leads to where one wanted to go, and a wrong password says nothing more', async ({
  page,
}) => {
  await page.goto('/hosts/new')
  await page.getByLabel('Email').fill(ADA.email)
  await page.getByLabel('Password').fill('not this one at all')
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(problem(page, 'Email or password is wrong')).toBeVisible()
  await expect(page.getByLabel('Email')).toHaveValue(ADA.email)
  await page.getByLabel('Password').fill(ADA.password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page.getByRole('heading', { name: 'Add a host' })).toBeVisible()
  await page.getByRole('button', { name: 'Account: Ada' }).click()
  await page.getByRole('menuitem', { name: 'Log out' }).click()
  await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible()
})

test('a viewer reads plans and cannot apply one, whatever his browser sends', async ({
  page,
  browser,
}) => {
  await runScript(app(), 'add-user', { ...VIEWER, role: 'viewer' })
  const { clusterId } = await seed(app(), fleet())
  const context = await browser.newContext({ baseURL: app().url })
  const viewer = await context.newPage()
  await logIn(viewer, VIEWER)
  await viewer.goto(`/clusters/${clusterId}/plan`)
  await expect(nothingYet(viewer)).toBeVisible()
  await expect(viewer.getByRole('button', { name: /^Apply/ })).toBeDisabled()
  await viewer.goto('/hosts/new')
  await expect(viewer.getByText(/Your role does not reach this page/).first()).toBeVisible()

  // What an operator's browser sends, sent once more by the viewer's.
  await logIn(page, ADA)
  await page.goto(`/clusters/${clusterId}/plan`)
  await expect(nothingYet(page)).toBeVisible()
  const sending = page.waitForRequest((each) => each.headers()['next-action'] !== undefined)
  await apply(page)
  const sent = await sending
  await expect(page.getByText(/^Verified: running is as desired/)).toBeVisible()
  // Until its watch is over Tunboard itself still reads the director.
  await expect(page.getByText('no connections yet').first()).toBeVisible({ timeout: 40_000 })
  await expect(page.getByText(/^Watching connections/)).toBeHidden({ timeout: 40_000 })
  const commands = fleet().hosts.director.received.commands.length
  const answer = await context.request.post(sent.url(), {
    headers: {
      'next-action': sent.headers()['next-action'] ?? '',
      'content-type': sent.headers()['content-type'] ?? '',
      origin: app().url,
    },
    data: sent.postDataBuffer() ?? '',
  })
  expect(await answer.text()).toContain('role-too-low')
  expect(fleet().hosts.director.received.commands).toHaveLength(commands)
  await context.close()
})
