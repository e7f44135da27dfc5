import { expect } from '@playwright/test'
import { addNodes, capture, request, rules, VIP, withLab } from '../lab'
import { drain, openLive, realServer } from '../live'
import { applyVerified, createCluster, nothingYet } from '../steps'
import { test, withApp } from '../test'

// The whole flow once as the lab's user who is not root, with sudo -n; and as one whose sudo asks for a password.
test.describe.configure({ mode: 'serial' })
withApp()
const lab = withLab()

let server2Before: string[]

test('a user whose sudo asks for a password is refused, with the reason', async ({ page }) => {
  server2Before = await capture(lab(), 'server2')
  await addNodes(page, lab(), ['director', 'server3'], { user: 'student', become: 'sudo' })
  await addNodes(page, lab(), ['server2'], { user: 'narrow', become: 'sudo' })
  await page.goto('/clusters/new')
  await createCluster(page, {
    ...{ name: 'www', director: 'director', vip: VIP },
    realServers: ['server2', 'server3'],
  })
  await expect(page.getByText('The user on server2 may not change anything there')).toBeVisible()
  await expect(page.getByText(/allow this user sudo without a password/)).toBeVisible()
  await expect(page.getByRole('button', { name: /^Apply/ })).toBeDisabled()
})

test('as student with sudo -n the cluster is applied and balances', async ({ page }) => {
  await page.goto('/hosts')
  await page.getByRole('link', { name: 'server2' }).first().click()
  await page.getByRole('link', { name: 'Edit' }).click()
  await page.getByLabel('User', { exact: true }).fill('student')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { name: 'server2', level: 1 })).toBeVisible()
  await openLive(page, 'www')
  await page.getByRole('link', { name: /^Plan( \d+)?$/ }).click()
  await expect(nothingYet(page)).toBeVisible()
  await applyVerified(page)
  const answers = await request(lab(), 20)
  expect(answers.filter((each) => each === 'server2')).toHaveLength(10)
  expect(answers.filter((each) => each === 'server3')).toHaveLength(10)
})

test('as student it is watched live, drained, and taken off as it was before', async ({ page }) => {
  await openLive(page, 'www')
  await lab().startTraffic({ perSecond: 8 })
  await expect(page.getByText(/^Even: (49|50|51)\.\d \/ (49|50|51)\.\d\s%$/)).toBeVisible()
  await lab().stopTraffic()
  await drain(page, 'server2')
  await applyVerified(page)
  await page.getByRole('link', { name: 'Watch it live' }).click()
  await expect(realServer(page, 'server2')).toBeHidden()
  await expect.poll(() => rules(lab())).not.toContain('172.25.254.2')
  await expect.poll(() => capture(lab(), 'server2')).toEqual(server2Before)
})
