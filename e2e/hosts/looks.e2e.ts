import { expect, type Page } from '@playwright/test'
import { type FakeLab, startFakeLab } from '@/lib/testing/fake-lab'
import { seedApplied } from '../fake'
import { expectGoodLooks } from '../looks'
import { fill, findRoutes } from '../routes'
import { test, withApp } from '../test'

const app = withApp()

let fleet: FakeLab
let ids: Awaited<ReturnType<typeof seedApplied>>
test.beforeAll(async () => {
  fleet = await startFakeLab()
  ids = await seedApplied(app(), fleet)
})
test.afterAll(() => fleet.close())

/** What `[id]` is depends on the folder before it. */
function addressOf(pattern: string): string {
  const own = {
    ...{ hosts: ids.hosts.server2, clusters: ids.clusterId },
    ...{ applies: ids.applyId, saves: ids.saveId },
  }
  const kind = pattern.split('/')[1] ?? ''
  const named: Record<string, string | undefined> = {
    id: Object.entries(own).find(([name]) => name === kind)?.[1],
    serviceId: ids.serviceId,
    realServerId: ids.realServerId,
  }
  return fill(pattern, (name) => named[name] ?? name)
}

/** Waits until a page shows itself and not that it is reading. */
async function open(page: Page, path: string) {
  await page.goto(path)
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: /^Reading/ })).toHaveCount(0)
  await expect(page.getByText(/^Reading (the hosts|what )/)).toHaveCount(0)
}

const PAGES = findRoutes()
  .filter(({ isPage, pattern }) => isPage && !['/login', '/first-run'].includes(pattern))
  .map(({ pattern }) => ({ name: pattern, address: () => addressOf(pattern) }))
const MORE = [
  { name: 'a plan with steps', address: () => `/clusters/${ids.nextId}/plan` },
  { name: 'a cluster that was never applied', address: () => `/clusters/${ids.nextId}` },
  { name: 'a save plan that is refused', address: () => `/clusters/${ids.nextId}/save` },
  { name: 'what is not saved', address: () => `/clusters/${ids.nextId}/saved` },
  {
    name: 'a save beside what the files say now',
    address: () => `/saves/${ids.saveId}?with=now`,
  },
  { name: 'a page that does not exist', address: () => '/nowhere' },
]

for (const { name, address } of [...PAGES, ...MORE])
  test(`${name} is accessible in light and dark, and fits 390 px`, async ({ page }) => {
    await open(page, address())
    await expectGoodLooks(page)
  })

test('the dialogs of the live page are accessible, and fit 390 px', async ({ page }) => {
  const menu = page.getByRole('button', { name: 'Actions for server3' })
  for (const [entry, role] of [
    [/^Drain and remove/, 'dialog'],
    [/^Remove/, 'alertdialog'],
  ] as const) {
    await page.setViewportSize({ width: 1280, height: 720 })
    await open(page, `/clusters/${ids.clusterId}`)
    await menu.click()
    await page.getByRole('menuitem', { name: entry }).click()
    await expect(page.getByRole(role)).toBeVisible()
    await expectGoodLooks(page)
  }
})

test('login is accessible in light and dark, and fits 390 px', async ({ browser }) => {
  const context = await browser.newContext({
    ...{ baseURL: app().url, storageState: { cookies: [], origins: [] } },
  })
  const page = await context.newPage()
  await open(page, '/login')
  await expectGoodLooks(page)
  await context.close()
})
