import { expect } from '@playwright/test'
import { sh, withLab } from '../lab'
import { expectInSync, expectTurns, makeCluster, powerCycle, saveRules, tableOf } from '../reboot'
import { test, withApp } from '../test'

// The short form: quick boots of Debian 12, once. All distributions and inits, twice in a row: e2e/long/reboot.e2e.ts
test.describe.configure({ mode: 'serial' })
withApp()
const lab = withLab(['director', 'server2', 'server3', 'client'])

test('before it is saved, the cluster says that a reboot would lose it', async ({ page }) => {
  await makeCluster(page, lab())
  await expect(page.getByText('Not saved yet: a reboot loses this')).toBeVisible()
})

test('saved with one click, every host loses power, and requests alternate again by themselves', async ({
  page,
}) => {
  await sh(lab(), 'director', 'ipvsadm --set 800 100 200')
  await saveRules(page)
  const before = await tableOf(lab())
  await powerCycle(lab())
  await expectTurns(lab())
  expect(await tableOf(lab())).toBe(before)
  await expectInSync(page)
})

test('an edit of the rules by hand shows on the page; Save mends what is ours and keeps what is not', async ({
  page,
}) => {
  const edit =
    'sed -i "/-r 172.25.254.3:80/d" /etc/ipvsadm.rules; echo "# the night shift was here" >>/etc/ipvsadm.rules'
  await sh(lab(), 'director', edit)
  await page.goto('/clusters')
  await page.getByRole('table').getByRole('link', { name: 'www', exact: true }).click()
  await page.getByRole('link', { name: 'Saved', exact: true }).click()
  await expect(page.getByText(/^Somebody edited a file that Tunboard wrote/)).toBeVisible()
  await expect(page.getByText('Does not survive a reboot')).toBeVisible()
  await saveRules(page)
  const lines = (await sh(lab(), 'director', 'cat /etc/ipvsadm.rules')).split('\n')
  expect(lines).toContain('# the night shift was here')
  expect(lines.filter((line) => line.includes('-r 172.25.254.3:80'))).toHaveLength(1)
})
