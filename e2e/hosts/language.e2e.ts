import { expect, type Page } from '@playwright/test'
import { type FakeLab, startFakeLab } from '@/lib/testing/fake-lab'
import { seedApplied } from '../fake'
import { expectGoodLooks } from '../looks'
import { ADA } from '../steps'
import { test, withApp } from '../test'

test.use({ locale: 'zh-CN' })
const app = withApp()

let fleet: FakeLab
let ids: Awaited<ReturnType<typeof seedApplied>>
test.beforeAll(async () => {
  fleet = await startFakeLab()
  ids = await seedApplied(app(), fleet)
})
test.afterAll(() => fleet.close())

/** Waits until a page shows itself and not that it is reading. */
async function open(page: Page, path: string) {
  await page.goto(path)
  // Without a session every page is the login.
  expect(new URL(page.url()).pathname).toBe(path)
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: /^正在/ })).toHaveCount(0)
  await expect(page.getByText('正在读取主机')).toHaveCount(0)
}

/** Two words of English beside each other are a sentence; names, addresses and commands are set in mono. */
const englishIn = (page: Page) =>
  page.locator('body').evaluate((body) => {
    const isWords = (text: string) => /[a-z]{2,} [a-z]{2,}/i.test(text)
    return [...body.querySelectorAll(':not(script, style)')]
      .filter((each) => each.children.length === 0 && each.closest('.font-mono, pre') === null)
      .map((each) => each.textContent ?? '')
      .filter((text) => isWords(text) && !text.startsWith('Debian GNU/Linux'))
  })

test.describe('without a session', () => {
  test.use({ storageState: { cookies: [], origins: [] } })

  test('the login speaks the language of the browser, and fits 390 px', async ({ page }) => {
    await open(page, '/login')
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
    await expect(page).toHaveTitle(/^登录/)
    await expect(page.getByRole('button', { name: '登录' })).toBeVisible()
    await expectGoodLooks(page)
  })

  test('another language is chosen before the login, and costs nothing of what was typed', async ({
    page,
  }) => {
    await page.goto('/login')
    await page.getByLabel('邮箱').fill(ADA.email)
    await page.getByRole('button', { name: 'English' }).click()
    await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible()
    await expect(page.locator('html')).toHaveAttribute('lang', 'en')
    await expect(page.getByLabel('Email')).toHaveValue(ADA.email)
    await page.getByLabel('Password').fill('not this one at all')
    await page.getByRole('button', { name: '简体中文' }).click()
    await page.getByRole('button', { name: '登录' }).click()
    await expect(page.getByText('邮箱或密码错误')).toBeVisible()
  })
})

const PAGES: [name: string, address: () => string][] = [
  ['总览', () => '/'],
  ['操作记录', () => '/activity'],
  ['an apply', () => `/applies/${ids.applyId}`],
  ['集群', () => '/clusters'],
  ['实时', () => `/clusters/${ids.clusterId}`],
  ['计划', () => `/clusters/${ids.nextId}/plan`],
  ['保存', () => `/clusters/${ids.clusterId}/saved`],
  ['保存计划', () => `/clusters/${ids.clusterId}/save`],
  ['规则', () => `/clusters/${ids.clusterId}/rules`],
  ['a new cluster', () => '/clusters/new'],
  ['a new host', () => '/hosts/new'],
  ['a host', () => `/hosts/${ids.hosts.server2}`],
  ['设置', () => '/settings'],
]

for (const [name, address] of PAGES)
  test(`${name} is all in Chinese, accessible in light and dark, and fits 390 px`, async ({
    page,
  }) => {
    await open(page, address())
    expect(await englishIn(page)).toEqual([])
    await expectGoodLooks(page)
  })

test('draining is asked for, and times are said, in Chinese', async ({ page }) => {
  await open(page, `/clusters/${ids.clusterId}`)
  await expect(page.getByText(/^(刚刚|\d+ 秒前)$/).first()).toBeVisible()
  await page.getByRole('button', { name: 'server3 的操作' }).click()
  await page.getByRole('menuitem', { name: /^排空并移除/ }).click()
  await expect(page.getByRole('dialog', { name: '排空并移除 server3？' })).toBeVisible()
  expect(await englishIn(page)).toEqual([])
  await expectGoodLooks(page)
})

// The last one: it ends the session that the tests share.
test('the language chosen in Settings stays after logging out', async ({ page }) => {
  await open(page, '/settings')
  await page.getByRole('radio', { name: 'English' }).check()
  await page.getByRole('button', { name: '保存外观' }).click()
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await page.getByRole('button', { name: 'Account: Ada' }).click()
  await page.getByRole('menuitem', { name: 'Log out' }).click()
  await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible()
})
