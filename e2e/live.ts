import { expect, type Locator, type Page } from '@playwright/test'
import { asPattern } from './steps'

/** What a person reads on a cluster's live page. */

const realServers = (page: Page): Locator => page.getByRole('table', { name: /^Real servers of/ })

/** Opens a cluster's live page from the list, and waits until it hears the director. */
export async function openLive(page: Page, cluster: string): Promise<void> {
  await page.goto('/clusters')
  await page.getByRole('table').getByRole('link', { name: cluster, exact: true }).click()
  await expect(page.getByRole('heading', { name: cluster, level: 1 })).toBeVisible()
  await expect(page.getByText(/^Live, read/)).toBeVisible()
}

export const realServer = (page: Page, name: string): Locator =>
  realServers(page).getByRole('row', { name: new RegExp(`^${asPattern(name)}\\b`) })

/** Reads one figure of a real server's row, by the column's name; a figure that is not known is NaN. */
export async function figure(page: Page, name: string, column: string): Promise<number> {
  const heads = await realServers(page).getByRole('columnheader').allTextContents()
  const at = heads.findIndex((head) => head.trim() === column)
  const text = await realServer(page, name).getByRole('cell').nth(at).textContent()
  return Number.parseFloat((text ?? '').replaceAll(',', ''))
}

/** Chooses from the menu of a real server's row. */
export async function act(page: Page, name: string, entry: RegExp): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

/** Asks to drain a real server, and ends on the plan of it. */
export async function drain(page: Page, name: string): Promise<void> {
  await act(page, name, /^Drain and remove/)
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Drain ${name}` })
    .click()
  await expect(page.getByRole('heading', { name: /nothing has happened yet/ })).toBeVisible()
}

/** Removes a real server at once, and ends on the plan of it. */
export async function remove(page: Page, name: string): Promise<void> {
  await act(page, name, /^Remove/)
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(page.getByRole('heading', { name: /nothing has happened yet/ })).toBeVisible()
}
