import { expect, type Page } from '@playwright/test'
import type { Lab, NodeName } from '@/lab/lab'
import { addNodes, request, rules, sh, VIP } from './lab'
import { applyVerified, choose, createCluster, nothingYet } from './steps'

/** What is saved by clicking, and what came back after the plug was pulled on every host. */

const HOSTS: readonly NodeName[] = ['director', 'server2', 'server3']
export const SECOND_VIP = '172.25.254.101'

/** A sysctl file of others, as a hardening guide or a distribution leaves it: what Save writes has to win over it. */
const HOSTILE = 'net.ipv4.conf.*.rp_filter = 1\nnet.ipv4.conf.all.rp_filter = 1\n'

export async function makeHostile(lab: Lab): Promise<void> {
  const path = '/etc/sysctl.d/50-hardening.conf'
  for (const node of HOSTS)
    await sh(lab, node, `printf '${HOSTILE}' >${path}; sysctl -q -p ${path}; sync`)
}

/** The tutorial, applied. */
export async function makeCluster(page: Page, lab: Lab): Promise<void> {
  await addNodes(page, lab, HOSTS)
  await createCluster(page, {
    ...{ name: 'www', director: 'director', vip: VIP },
    realServers: ['server2', 'server3'],
  })
  await applyVerified(page)
}

const openCluster = async (page: Page) => {
  await page.goto('/clusters')
  await page.getByRole('table').getByRole('link', { name: 'www', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'www', level: 1 })).toBeVisible()
}

async function addLimited(
  page: Page,
  name: string,
  limits: { weight: number; upper: number; lower: number },
) {
  await openCluster(page)
  await page.getByRole('link', { name: 'Add real server' }).click()
  await choose(page, page.getByRole('combobox', { name: 'Host' }), name)
  const services = page.getByRole('group', { name: 'Behind which virtual services' })
  await services.getByRole('checkbox', { name: VIP }).uncheck()
  await services.getByRole('checkbox', { name: SECOND_VIP }).check()
  await page.getByLabel('Weight').fill(String(limits.weight))
  await page.getByText('Limits').click()
  await page.getByLabel('Upper threshold').fill(String(limits.upper))
  await page.getByLabel('Lower threshold').fill(String(limits.lower))
  await page.getByRole('button', { name: 'Add and see the plan' }).click()
  await expect(nothingYet(page)).toBeVisible()
}

/** A second virtual service with all that `ipvsadm -S` would keep, and all that it forgets. */
export async function addLimitedService(page: Page, lab: Lab): Promise<void> {
  await openCluster(page)
  await page.getByRole('button', { name: /^More/ }).click()
  await page.getByRole('menuitem', { name: 'Add virtual service' }).click()
  await page.getByRole('textbox', { name: 'VIP', exact: true }).fill(SECOND_VIP)
  await page.getByRole('textbox', { name: 'Port', exact: true }).fill('80')
  await choose(page, page.getByRole('combobox', { name: 'Scheduler' }), 'wrr')
  await page.getByRole('checkbox', { name: 'Persistent' }).check()
  await page.getByLabel('For', { exact: true }).fill('600')
  await page.getByRole('button', { name: 'Save and see the plan' }).click()
  await expect(nothingYet(page)).toBeVisible()
  await addLimited(page, 'server2', { weight: 3, upper: 200, lower: 150 })
  await addLimited(page, 'server3', { weight: 2, upper: 100, lower: 50 })
  await applyVerified(page)
  // Timeouts are the kernel's, not a cluster's: whoever runs the director sets them.
  await sh(lab, 'director', 'ipvsadm --set 800 100 200')
}

/** Saves with one click, and sees that it was read back. */
export async function saveRules(page: Page): Promise<void> {
  await openCluster(page)
  await page.getByRole('button', { name: 'Save rules' }).click()
  await expect(
    page.getByText(/^Saved: the files of (the host|3 hosts) are as desired, read back/),
  ).toBeVisible({
    timeout: 120_000,
  })
  await openCluster(page)
  await expect(page.getByRole('link', { name: /Saved, survives a reboot/ })).toBeVisible()
}

/** Everything of IPVS that a director has: rules, thresholds, timeouts. */
export const tableOf = async (lab: Lab): Promise<string> =>
  `${await rules(lab)}${await sh(lab, 'director', 'ipvsadm -Ln --thresholds | sed "s/[0-9]* *[0-9]* *$//"; ipvsadm -L --timeout')}`

/** Pulls the plug of every host at once, and puts it back. */
export async function powerCycle(lab: Lab): Promise<void> {
  await Promise.all(HOSTS.map((node) => lab.powerOff(node)))
  await Promise.all(HOSTS.map((node) => lab.powerOn(node)))
}

/** Requests alternate strictly, with nobody doing anything; a host may still be booting for a while. */
export async function expectTurns(lab: Lab): Promise<void> {
  await expect(async () => {
    const answers = await request(lab, 8)
    expect(new Set(answers), answers.join(' ')).toEqual(new Set(['server2', 'server3']))
    for (let at = 1; at < answers.length; at++) expect(answers[at]).not.toBe(answers[at - 1])
  }).toPass({ timeout: 120_000 })
}

/** The page says that everything is as desired, saved, running and desired. */
export async function expectInSync(page: Page): Promise<void> {
  await openCluster(page)
  await page.getByRole('link', { name: 'Saved', exact: true }).click()
  await expect(page.getByText('All 3 hosts would come back from a reboot as desired')).toBeVisible()
  await openCluster(page)
  await expect(page.getByText(/^In sync/)).toBeVisible()
}
