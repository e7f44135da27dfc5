import { expect, type Page } from '@playwright/test'
import { seed, withFakeLab } from '../fake'
import { applyVerified, problem } from '../steps'
import { test, withAppEach } from '../test'

const app = withAppEach()
const fleet = withFakeLab()

const RULES = '/etc/ipvsadm.rules'
const SYSCTLS = '/etc/sysctl.d/99-zz-tunboard.conf'

const saved = (page: Page) => page.getByText(/^Saved: the files of 3 hosts are as desired/)
const head = (page: Page) => page.getByRole('link', { name: /survives a reboot|a reboot loses/ })

/** The tutorial's cluster, applied by clicking; ends on the page of the apply. */
async function applied(page: Page): Promise<Awaited<ReturnType<typeof seed>>> {
  const ids = await seed(app(), fleet())
  await page.goto(`/clusters/${ids.clusterId}/plan`)
  await applyVerified(page)
  return ids
}

test('one click after an apply saves, and a second one says that there is nothing to write', async ({
  page,
}) => {
  const { clusterId } = await applied(page)
  await expect(page.getByText('Not saved yet: a reboot loses this')).toBeVisible()
  await page.getByRole('button', { name: 'Save rules' }).click()
  await expect(saved(page)).toBeVisible()
  expect(fleet().hosts.director.kernel.read(RULES)).toContain('-a -t 172.25.254.100:80')

  await page.getByRole('link', { name: 'See what is saved' }).click()
  await expect(page.getByText('All 3 hosts would come back from a reboot as desired')).toBeVisible()
  await expect(head(page)).toContainText('Saved, survives a reboot')
  await page.getByRole('button', { name: 'Save rules' }).click()
  await expect(page.getByText('Saved already')).toBeVisible()
  expect(new URL(page.url()).pathname).toBe(`/clusters/${clusterId}/saved`)
})

test('what is not applied is not saved: the click ends where it is explained', async ({ page }) => {
  const { clusterId } = await seed(app(), fleet())
  await page.goto(`/clusters/${clusterId}`)
  await page.getByRole('button', { name: 'Save rules' }).click()
  await page.waitForURL(`**/clusters/${clusterId}/save`)
  await expect(page.getByText(/do not run as desired on director/)).toBeVisible()
  await expect(page.getByRole('button', { name: /^Save \d/ })).toBeDisabled()
})

test('a file that somebody edited shows with its lines, and an earlier save is put back', async ({
  page,
}) => {
  const { clusterId, hosts } = await applied(page)
  await page.getByRole('button', { name: 'Save rules' }).click()
  await expect(saved(page)).toBeVisible()
  const server = fleet().hosts.server2.kernel
  const ours = server.read(SYSCTLS) ?? ''
  server.exec(['tee', SYSCTLS], ours.replace('arp_ignore = 1', 'arp_ignore = 0'))

  await page.goto(`/clusters/${clusterId}/saved`)
  await expect(page.getByText(/^Somebody edited a file that Tunboard wrote/)).toBeVisible()
  const state = page.getByRole('row', { name: /arp_ignore/ }).filter({ hasText: 'differently' })
  await expect(state).toHaveCount(1)
  await page.getByRole('checkbox', { name: 'Only differences' }).check()
  await expect(page.getByRole('table', { name: /on server2$/ }).getByRole('row')).toHaveCount(2)
  await expect(page).toHaveURL(/only=differences/)

  await page.goto(`/hosts/${hosts.server2}/saves`)
  await page.getByRole('link', { name: 'Save', exact: true }).click()
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('menuitem', { name: 'With what the files say now' }).click()
  await expect(page.getByRole('deletion')).toHaveText(/arp_ignore = 1/)
  await expect(page.getByRole('insertion')).toHaveText(/arp_ignore = 0/)

  await page.getByRole('link', { name: 'Put back…' }).click()
  await page.getByRole('button', { name: 'Put 1 file back' }).click()
  await expect(page.getByText(/^Put back: the files are as they were/)).toBeVisible()
  expect(server.read(SYSCTLS)).toBe(ours)
})

test('a service of somebody else is saved by its tick alone', async ({ page }) => {
  const { clusterId } = await applied(page)
  const { kernel } = fleet().hosts.director
  kernel.exec(['ipvsadm', '-A', '-t', '10.9.9.9:443', '-s', 'wlc'])
  await page.goto(`/clusters/${clusterId}/save`)
  const tick = page.getByRole('checkbox', { name: /^tcp 10\.9\.9\.9:443/ })
  await expect(page.getByRole('insertion').filter({ hasText: '10.9.9.9:443' })).toHaveCount(0)
  await tick.check()
  await expect(page.getByRole('insertion').filter({ hasText: '10.9.9.9:443' })).toHaveCount(1)
  await page.getByRole('button', { name: /^Save \d+ files on 3 hosts/ }).click()
  await expect(saved(page)).toBeVisible()
  expect(kernel.read(RULES)).toContain('-A -t 10.9.9.9:443 -s wlc')
})

test('a plan that moved while it was read is not saved, and says what is new in it', async ({
  page,
}) => {
  const { clusterId } = await applied(page)
  await page.goto(`/clusters/${clusterId}/save`)
  const button = page.getByRole('button', { name: /^Save \d+ files on 3 hosts/ })
  await expect(button).toBeVisible()
  const rules = fleet().hosts.director.kernel
  rules.exec(['tee', RULES], '# kept by hand\n')
  await button.click()
  await expect(problem(page, 'The plan moved while you read it')).toBeVisible()
  expect(rules.read(RULES)).toBe('# kept by hand\n')
})

test('a host that serves a cluster keeps its files, and says where it is used', async ({
  page,
}) => {
  const { hosts } = await applied(page)
  await page.goto(`/hosts/${hosts.server2}`)
  await page.getByRole('button', { name: /^More/ }).click()
  await page.getByRole('menuitem', { name: /^Remove every trace/ }).click()
  await expect(page.getByText(/^server2 still serves/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Remove every trace' })).toHaveCount(0)
})
