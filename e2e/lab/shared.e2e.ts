import { expect, type Page } from '@playwright/test'
import type { Lab } from '@/lab/lab'
import { addNodes, request, rules, sh, VIP, withLab } from '../lab'
import { openLive } from '../live'
import { applyVerified, createCluster, nothingYet } from '../steps'
import { test, withApp } from '../test'

test.describe.configure({ mode: 'serial' })
withApp()
const lab = withLab()

const OTHER_VIP = '172.25.254.101'

/** Asks for the other VIP again and again until it is stopped; gives what came of each request. */
async function watchOther(on: Lab) {
  const each = `curl -s -o /dev/null -m 3 -w '%{http_code}\\n' http://${OTHER_VIP}/`
  const loop = `rm -f /tmp/enough; while [ ! -e /tmp/enough ]; do ${each} >>/tmp/codes; done`
  await sh(on, 'client', `rm -f /tmp/codes; setsid -f bash -c "${loop}" >/dev/null 2>&1 </dev/null`)
  const codes = async () =>
    (await sh(on, 'client', 'cat /tmp/codes 2>/dev/null')).trim().split('\n')
  return {
    codes,
    async stop() {
      await sh(on, 'client', 'touch /tmp/enough')
      return codes()
    },
  }
}

async function takeDown(page: Page, cluster: string) {
  await openLive(page, cluster)
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Take down' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Take down' }).click()
  await expect(nothingYet(page)).toBeVisible()
}

test('two clusters with directors of their own share two real servers', async ({ page }) => {
  await addNodes(page, lab(), ['director', 'server2', 'server3', 'server4'])
  const realServers = ['server2', 'server3']
  await createCluster(page, { name: 'www', director: 'director', vip: VIP, realServers })
  await applyVerified(page)
  await createCluster(page, { name: 'other', director: 'server4', vip: OTHER_VIP, realServers })
  // What the real servers have is shared: only the second VIP is new there.
  const server2 = page.getByRole('heading', { name: 'server2' })
  await expect(server2).toBeVisible()
  const arp = page.getByRole('group').filter({ hasText: 'arp_ignore of all' })
  await expect(arp).toHaveCount(0)
  await applyVerified(page)
  expect(new Set(await request(lab(), 4))).toEqual(new Set(realServers))
  expect(new Set(await request(lab(), 4, OTHER_VIP))).toEqual(new Set(realServers))
})

test('taking one down does not cost the other a request', async ({ page }) => {
  const other = await watchOther(lab())
  await takeDown(page, 'www')
  await applyVerified(page)
  expect(await rules(lab())).toBe('')
  const atTheEnd = (await other.codes()).length
  // Requests after the last command of the apply must have been answered too.
  await expect.poll(async () => (await other.codes()).length).toBeGreaterThan(atTheEnd + 10)
  const codes = await other.stop()
  expect(codes.length).toBeGreaterThan(20)
  expect(codes.filter((code) => code !== '200')).toEqual([])
  expect((await rules(lab(), 'server4')).trim().split('\n')).toHaveLength(3)
})

test('what both used stays for the other, and goes with it', async ({ page }) => {
  const addresses = () => sh(lab(), 'server2', 'ip -o addr show')
  expect(await addresses()).toContain(OTHER_VIP)
  expect(await addresses()).not.toContain(VIP)
  expect(await sh(lab(), 'server2', 'sysctl -n net.ipv4.conf.all.arp_ignore')).toBe('1\n')
  await takeDown(page, 'other')
  await applyVerified(page)
  expect(await addresses()).not.toContain(OTHER_VIP)
  expect(await sh(lab(), 'server2', 'sysctl -n net.ipv4.conf.all.arp_ignore')).toBe('0\n')
  expect(await sh(lab(), 'server2', 'cut -d" " -f1 /proc/modules')).not.toContain('ipip')
})
