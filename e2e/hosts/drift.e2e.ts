import { expect, type Page } from '@playwright/test'
import type { FakeLabName } from '@/lib/testing/fake-lab'
import { seed, withFakeLab } from '../fake'
import { expectGoodLooks } from '../looks'
import { applyVerified } from '../steps'
import { test, withAppEach } from '../test'

const app = withAppEach()
const fleet = withFakeLab()

const VIP = '172.25.254.150'
const ENTRY = `172.25.254.2:80 in tcp ${VIP}:80`
/** A host is read every 10 s, and a page asks every 10 s what is new. */
const ONE_READING = { timeout: 45_000 }

function byHand(name: FakeLabName, ...lines: string[]): void {
  for (const line of lines) {
    const { exit, stderr } = fleet().hosts[name].kernel.exec(line.split(' '))
    expect([line, exit, stderr]).toEqual([line, 0, ''])
  }
}
const weigh = (weight: number) =>
  byHand('director', `ipvsadm -e -t ${VIP}:80 -r 172.25.254.2:80 -i -w ${weight}`)
const table = () => fleet().hosts.director.kernel.exec(['ipvsadm', '-Sn']).stdout
const commands = () => Object.values(fleet().hosts).flatMap(({ received }) => received.commands)

/** A cluster that somebody made by hand, beside another one that is desired and not applied. */
function makeByHand(): void {
  byHand(
    'director',
    'modprobe ipip',
    `ip address add ${VIP}/32 dev tunl0`,
    `ipvsadm -A -t ${VIP}:80 -s wrr`,
    `ipvsadm -a -t ${VIP}:80 -r 172.25.254.2:80 -i -w 2`,
    'ipvsadm -A -t 172.25.254.200:443 -s wlc',
  )
  byHand(
    'server2',
    'modprobe ipip',
    'sysctl -w net.ipv4.conf.all.arp_ignore=1',
    'sysctl -w net.ipv4.conf.all.arp_announce=2',
    'sysctl -w net.ipv4.conf.tunl0.rp_filter=2',
    `ip address add ${VIP}/32 dev tunl0`,
    'ip link set tunl0 up',
  )
}

async function readEvery10s(page: Page) {
  await page.goto('/settings')
  await page.getByRole('textbox', { name: /^Read every host every/ }).fill('10')
  await page
    .locator('form')
    .filter({ hasText: 'Read every host every' })
    .getByRole('button', { name: 'Save' })
    .click()
  await expect(page.getByText('Saved: it holds from the next reading on')).toBeVisible()
}

async function adoptByHand(page: Page): Promise<string> {
  await page.goto('/clusters')
  await page.getByRole('link', { name: 'Adopt what runs' }).click()
  await page.getByRole('link', { name: 'director', exact: true }).click()
  await expect(page.getByRole('checkbox', { name: new RegExp(VIP) })).toBeChecked()
  await page.getByRole('checkbox', { name: /172\.25\.254\.200/ }).uncheck()
  await page.getByRole('textbox', { name: 'Name of the cluster' }).fill('byhand')
  await page.getByRole('button', { name: 'Show what would be adopted' }).click()
  await expect(page.getByText('The first plan is empty')).toBeVisible()
  await expect(page.getByText('on the host server2')).toBeVisible()
  await page.screenshot({ path: 'test-results/adopt.png', fullPage: true })
  await expectGoodLooks(page)
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.getByRole('button', { name: 'Adopt', exact: true }).click()
  await page.waitForURL(/\/plan$/)
  return new URL(page.url()).pathname.replace(/\/plan$/, '')
}

const act = async (page: Page, entry: string | RegExp) => {
  await page.getByRole('button', { name: new RegExp(`What to do about .*${VIP}`) }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

test('a cluster made by hand is adopted, and what somebody changes is taken, pushed back or ignored', async ({
  page,
}) => {
  makeByHand()
  await seed(app(), fleet())
  const before = [table(), commands().length]
  const cluster = await adoptByHand(page)
  await expect(page.getByRole('heading', { name: 'byhand' })).toBeVisible()
  await expect(page.getByText(/nothing to do|In sync/i).first()).toBeVisible()
  expect([table(), commands().length]).toEqual(before)
  await readEvery10s(page)

  weigh(5)
  await page.goto('/')
  await expect(page.getByText('One item of byhand drifted')).toBeVisible(ONE_READING)
  await page.screenshot({ path: 'test-results/drift-overview.png', fullPage: true })
  await page.getByRole('link', { name: 'See what drifted' }).click()
  await expect(page.getByText('-i -w 5')).toBeVisible()
  await page.screenshot({ path: 'test-results/drift.png', fullPage: true })
  await expectGoodLooks(page)
  await page.setViewportSize({ width: 1280, height: 900 })
  await act(page, 'Take theirs…')
  await page.getByRole('button', { name: 'Take theirs', exact: true }).click()
  await expect(page.getByText('Nothing has drifted')).toBeVisible()
  expect(table()).toContain('172.25.254.2:80 -i -w 5')

  weigh(7)
  await expect(page.getByText('-i -w 7')).toBeVisible(ONE_READING)
  await page.getByRole('link', { name: 'Push ours', exact: true }).click()
  await applyVerified(page)
  expect(table()).toContain('172.25.254.2:80 -i -w 5')

  weigh(0)
  await page.goto(`${cluster}/drift`)
  await expect(page.getByText('-i -w 0')).toBeVisible(ONE_READING)
  await act(page, 'Ignore…')
  await page.getByRole('textbox', { name: 'Why' }).fill('a disk is swapped')
  await page.getByRole('button', { name: 'Ignore', exact: true }).click()
  await expect(page.getByText('Nothing has drifted')).toBeVisible()
  await page.getByText('One item is ignored').click()
  await expect(page.getByText(/Ada.*a disk is swapped/)).toBeVisible()
  await page.goto(`${cluster}/plan`)
  await expect(page.getByText(/is ignored by Ada: a disk is swapped/)).toBeVisible()

  await page.goto('/activity')
  for (const words of ['Adopted', 'Took theirs', 'Ignored'])
    await expect(page.getByText(words, { exact: true }).first()).toBeVisible()
  await expect(page.getByText(ENTRY).first()).toBeVisible()
  await page.screenshot({ path: 'test-results/drift-activity.png', fullPage: true })
})
