import { expect, type Page } from '@playwright/test'
import { seed, withFakeLab } from '../fake'
import { nothingYet } from '../steps'
import { test, withAppEach } from '../test'

const app = withAppEach()
const lab = withFakeLab()

test('an apply that can cut a path says so, and Tunboard confirms it over new connections', async ({
  page,
}) => {
  const { clusterId } = await seed(app(), lab())
  await page.goto(`/clusters/${clusterId}/plan`)
  await expect(nothingYet(page)).toBeVisible()
  await expect(page.getByText(/^Undone by the hosts after 60 s/)).toBeVisible()
  await page.getByRole('button', { name: /^Apply \d+ step/ }).click()
  await expect(page.getByText(/^Verified: running is as desired/)).toBeVisible()
  const { undos } = lab().hosts.server2.kernel.state
  expect(undos).toBeUndefined()
})

const applyByPerson = async (page: Page, clusterId: string) => {
  await page.goto(`/clusters/${clusterId}/plan`)
  await expect(nothingYet(page)).toBeVisible()
  await page.getByLabel('Confirmed by').selectOption({ label: 'a person' })
  await page.getByLabel('Seconds').fill('120')
  await page.getByRole('button', { name: /^Apply \d+ step/ }).click()
  await expect(page.getByText(/until 3 hosts take it back$/)).toBeVisible()
}

test('a person confirms within the time, after a reload too', async ({ page }) => {
  const { clusterId } = await seed(app(), lab())
  await applyByPerson(page, clusterId)
  await page.reload()
  await expect(page.getByRole('button', { name: 'Confirm' })).toBeVisible()

  await page.goto(`/clusters/${clusterId}`)
  const waits = page.getByRole('link', { name: /^Waits for confirmation, \d\d:\d\d left$/ })
  await expect(waits).toBeVisible()
  await page.screenshot({ path: 'test-results/undo-armed-cluster.png' })
  await page.goto('/')
  await expect(page.getByText(/^The last apply of \S+ waits for a person$/)).toBeVisible()
  await expect(page.getByText(/^\d\d:\d\d left\./)).toBeVisible()
  await page.screenshot({ path: 'test-results/undo-armed-overview.png' })
  await page.getByRole('link', { name: 'Look and confirm' }).click()

  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByText(/^Verified: running is as desired/)).toBeVisible()
  await page.goto(`/clusters/${clusterId}`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(waits).toHaveCount(0)
})

test('a person lets the hosts take it back at once', async ({ page }) => {
  const { clusterId } = await seed(app(), lab())
  const before = lab().hosts.server2.kernel.fork().snapshot()
  await applyByPerson(page, clusterId)
  await page.getByRole('button', { name: 'Undo now' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Undo now' }).click()
  await expect(page.getByText(/the hosts took it back$/)).toBeVisible()
  await page.goto('/')
  await expect(page.getByText(/^The last apply of \S+ was undone by its hosts$/)).toBeVisible()
  await page.getByRole('link', { name: 'See what happened' }).click()
  await expect(page.getByText(/the hosts took it back$/)).toBeVisible()
  expect(lab().hosts.server2.kernel.fork().snapshot()).toEqual(before)
})
