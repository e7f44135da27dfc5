import { expect, type Locator, type Page } from '@playwright/test'

/** What a person does in the browser, one function per step: roles and labels only, as he sees them. */

/** Text as part of a pattern. */
export const asPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

export const ADA = { name: 'Ada', email: 'ada@example.org', password: 'a long enough sentence' }

export async function firstRun(page: Page, person = ADA): Promise<void> {
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Welcome to Tunboard' })).toBeVisible()
  await page.getByLabel('Your name').fill(person.name)
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByLabel('Password again').fill(person.password)
  await page.getByRole('button', { name: 'Create the administrator' }).click()
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
}

export async function logIn(page: Page, person: { email: string; password: string }) {
  await page.goto('/login')
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password').fill(person.password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
}

/** Chooses from a list that opens under its field. */
export async function choose(page: Page, field: Locator, option: string | RegExp): Promise<void> {
  await field.click()
  const name = typeof option === 'string' ? new RegExp(`^${asPattern(option)}`) : option
  await page.getByRole('option', { name }).click()
}

export type HostEntry = {
  name: string
  port: number
  user?: string
  become?: 'root' | 'sudo'
} & ({ privateKey: string } | { password: string })

/** Fills the form of a new host and sends it; the next page is whatever comes of it. */
export async function enterHost(page: Page, host: HostEntry): Promise<void> {
  await page.goto('/hosts/new')
  await page.getByLabel('Name', { exact: true }).fill(host.name)
  await page.getByLabel('SSH address').fill('127.0.0.1')
  await page.getByLabel('SSH port').fill(String(host.port))
  await page.getByLabel('User', { exact: true }).fill(host.user ?? 'root')
  const sudo = host.become === 'sudo'
  await page.getByRole('radio', { name: sudo ? /^sudo -n/ : /^The user is root/ }).check()
  if ('password' in host) {
    await page.getByRole('radio', { name: /^Password/ }).check()
    await page
      .getByLabel('Password', { exact: true })
      .and(page.locator('input[type=password]'))
      .fill(host.password)
  } else {
    await page.getByRole('textbox', { name: 'Private key' }).fill(host.privateKey)
  }
  await page.getByRole('button', { name: 'Add and compare its key' }).click()
}

/** Compares the shown fingerprint with the one that the machine itself tells, approves it, and sees the probe's end. */
export async function approveKey(page: Page, name: string, fingerprint: string): Promise<void> {
  await expect(page.getByRole('heading', { name: `Is this really ${name}?` })).toBeVisible()
  await expect(page.getByText(fingerprint, { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'They are the same: approve' }).click()
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
}

/** Adds a host whole: entered, key approved, and read. */
export async function addHost(page: Page, host: HostEntry, fingerprint: string): Promise<void> {
  await enterHost(page, host)
  await approveKey(page, host.name, fingerprint)
  // The whole probe: 7 s on a node of the lab, ten times that where the machine has much else to do.
  await expect(page.getByText(`${host.name} was read`)).toBeVisible({ timeout: 130_000 })
}

export type ClusterEntry = {
  name: string
  director: string
  vip: string
  port?: number
  scheduler?: string
  realServers: readonly string[]
}

/** Creates a cluster of hosts by their names, and ends on its plan. */
export async function createCluster(page: Page, cluster: ClusterEntry): Promise<void> {
  await page.goto('/clusters/new')
  await page.getByLabel('Name', { exact: true }).fill(cluster.name)
  await choose(page, page.getByRole('combobox', { name: 'Host' }), cluster.director)
  await page.getByRole('textbox', { name: 'VIP', exact: true }).fill(cluster.vip)
  await page.getByRole('textbox', { name: 'Port', exact: true }).fill(String(cluster.port ?? 80))
  if (cluster.scheduler !== undefined)
    await choose(page, page.getByRole('combobox', { name: 'Scheduler' }), cluster.scheduler)
  for (const name of cluster.realServers) {
    await page.getByRole('button', { name: 'Add a host' }).click()
    await page.getByRole('menuitem', { name }).click()
  }
  await page.getByRole('button', { name: 'Create cluster and see the plan' }).click()
  await expect(nothingYet(page)).toBeVisible()
}

/** The headline of a plan that was read, and has steps. */
export const nothingYet = (page: Page): Locator =>
  page.getByRole('heading', { name: /nothing has happened yet/ })

/** Applies the plan that is shown. */
export async function apply(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Apply \d+ step/ }).click()
  await expect(page.getByRole('heading', { name: /^(Apply|Drain|Revert) on / })).toBeVisible()
}

/** Applies the plan that is shown, and waits until reading back has verified it. */
export async function applyVerified(page: Page): Promise<void> {
  await apply(page)
  await expect(page.getByText(/^Verified: running is as desired/)).toBeVisible()
}

/** The row of a table that begins with a name. */
export const rowOf = (page: Page, name: string): Locator =>
  page.getByRole('row', { name: new RegExp(`^${asPattern(name)}\\b`) })

/** What went wrong, as it is announced. */
export const problem = (page: Page, text: string | RegExp): Locator =>
  page.getByRole('alert').filter({ hasText: text })
