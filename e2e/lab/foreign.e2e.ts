import { expect } from '@playwright/test'
import { addNodes, request, rules, sh, VIP, withLab } from '../lab'
import { act, openLive, realServer } from '../live'
import { applyVerified, createCluster, nothingYet } from '../steps'
import { test, withApp } from '../test'

test.describe.configure({ mode: 'serial' })
withApp()
const lab = withLab()

const HAND = '172.25.254.9'
const TUNNEL = 'tunhand'

/** The director's lines that somebody else wrote, each byte of them. */
const handRules = async () =>
  (await rules(lab())).split('\n').filter((line) => line.includes(HAND) || line.includes(':8080'))

const handTunnel = () =>
  sh(
    lab(),
    'server2',
    `ip -d link show ${TUNNEL}; ip addr show ${TUNNEL}; sysctl net.ipv4.conf.${TUNNEL}`,
  )

let rulesBefore: string[]
let tunnelBefore: string

test('a service and a tunnel that were put there by hand are found, and left alone', async ({
  page,
}) => {
  await sh(
    lab(),
    'director',
    `modprobe ip_vs && ipvsadm -A -t ${HAND}:8080 -s wlc -p 600 && ipvsadm -a -t ${HAND}:8080 -r 172.25.254.4:8080 -g -w 7 -x 20 -y 10 && ipvsadm -a -t ${HAND}:8080 -r 172.25.254.3:8080 -m -w 0`,
  )
  await sh(
    lab(),
    'server2',
    `modprobe ipip && ip tunnel add ${TUNNEL} mode ipip remote 172.25.254.4 local 172.25.254.2 && ip addr add 10.9.9.1/30 dev ${TUNNEL} && ip link set ${TUNNEL} up`,
  )
  rulesBefore = await handRules()
  tunnelBefore = await handTunnel()
  expect(rulesBefore).toHaveLength(3)

  await addNodes(page, lab(), ['director', 'server2', 'server3'])
  await createCluster(page, {
    ...{ name: 'www', director: 'director', vip: VIP },
    realServers: ['server2', 'server3'],
  })
  await expect(page.getByRole('heading', { name: 'Left alone' })).toBeVisible()
  await expect(page.getByText(`Virtual service tcp ${HAND}:8080`)).toBeVisible()
  await applyVerified(page)
  expect(new Set(await request(lab(), 4))).toEqual(new Set(['server2', 'server3']))
  expect(await handRules()).toEqual(rulesBefore)
  expect(await handTunnel()).toBe(tunnelBefore)
})

test('an entry that was put into our service by hand is shown as foreign, and left alone', async ({
  page,
}) => {
  await sh(lab(), 'director', `ipvsadm -a -t ${VIP}:80 -r 172.25.254.4:80 -i -w 0`)
  await openLive(page, 'www')
  const foreign = realServer(page, '172.25.254.4')
  await expect(foreign).toContainText('foreign')
  await page.getByRole('link', { name: /^Plan( \d+)?$/ }).click()
  await expect(page.getByText('Running is as desired')).toBeVisible()
  await expect(page.getByText(`172.25.254.4:80 in tcp ${VIP}:80, which is ours`)).toBeVisible()

  await openLive(page, 'www')
  await act(page, 'server3', /^Remove/)
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(nothingYet(page)).toBeVisible()
  await applyVerified(page)
  expect(await rules(lab())).toContain(`-a -t ${VIP}:80 -r 172.25.254.4:80 -i -w 0`)
})

test('a service that holds it is not taken down until somebody decides', async ({ page }) => {
  await openLive(page, 'www')
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Take down' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Take down' }).click()
  await expect(
    page.getByText(`tcp ${VIP}:80 on director holds entries of somebody else`),
  ).toBeVisible()
  await expect(page.getByRole('button', { name: /^Apply/ })).toBeDisabled()
  await sh(lab(), 'director', `ipvsadm -d -t ${VIP}:80 -r 172.25.254.4:80`)
  await page.getByRole('button', { name: 'Read again' }).click()
  await expect(page.getByRole('button', { name: /^Apply/ })).toBeEnabled()
  await applyVerified(page)
})

test('after all of this what was there by hand is untouched', async () => {
  expect(await handRules()).toEqual(rulesBefore)
  expect((await rules(lab())).trim().split('\n')).toEqual(rulesBefore)
  expect(await handTunnel()).toBe(tunnelBefore)
  expect(await sh(lab(), 'server2', 'ip -o addr show')).not.toContain(VIP)
})
