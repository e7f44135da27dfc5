import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Nothing that axe calls serious or critical, on the page as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => ({ id, where: nodes.map(({ html, target }) => `${target} ${html}`) }))
  expect(serious).toEqual([])
}

/** How much wider than the screen the page is, and what of it reaches out; charts follow the screen a frame later. */
const findOverflow = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const wide = scrollWidth - clientWidth
    const reaches = [...document.querySelectorAll('main *')]
      .map((each) => ({ html: each.outerHTML, right: each.getBoundingClientRect().right }))
      .filter(({ right }) => wide > 0 && right >= scrollWidth - 1)
    return reaches.map(({ html }) => html.slice(0, 120)).slice(-5)
  })

/** Nothing is wider than the screen; what is, is named. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  await expect.poll(() => findOverflow(page), { timeout: 5_000 }).toEqual([])
}

/** The page as it is: in light on a wide screen, then in dark on a phone. */
export async function expectGoodLooks(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' })
  await expectAccessible(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 390, height: 844 })
  await expectNoSidewaysScroll(page)
  await expectAccessible(page)
}
