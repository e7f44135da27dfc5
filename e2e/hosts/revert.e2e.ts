import { expect, type Page } from '@playwright/test'
import { seed, withFakeLab } from '../fake'
import { expectGoodLooks } from '../looks'
import { applyVerified, nothingYet, problem } from '../steps'
import { test, withAppEach } from '../test'

const app = withAppEach()
const fleet = withFakeLab()

const table = () => fleet().hosts.director.kernel.exec(['ipvsadm', '-Sn']).stdout
/** Its service stops: the apply prepares the host, asks it from the director, and stops there, half done. */
function silence(rip: string) {
  const { state } = fleet().hosts.director.kernel
  state.answers = state.answers.filter((address) => address !== `${rip}:80`)
}

/** The tutorial's cluster, applied by clicking. */
async function applied(page: Page) {
  const ids = await seed(app(), fleet())
  await page.goto(`/clusters/${ids.clusterId}/plan`)
  await applyVerified(page)
  return ids
}

/** Gives a real server another weight in what is desired; ends on the plan. */
async function weigh(page: Page, ids: { clusterId: string; realServerId: string }, to: string) {
  await page.goto(`/clusters/${ids.clusterId}/real-servers/${ids.realServerId}/edit`)
  await page.getByRole('textbox', { name: 'Weight', exact: true }).fill(to)
  await page.getByRole('button', { name: 'Save and see the plan' }).click()
  await expect(nothingYet(page)).toBeVisible()
}

test('an apply is reverted by its own plan, and the table is as before', async ({ page }) => {
  const ids = await applied(page)
  const before = table()
  await weigh(page, ids, '7')
  await applyVerified(page)
  expect(table()).not.toBe(before)
  const applyPath = new URL(page.url()).pathname

  await page.getByRole('link', { name: 'Revert…' }).click()
  await expect(page.getByRole('heading', { name: 'Goes back in what is desired' })).toBeVisible()
  await expect(page.getByRole('listitem').getByText('-i -w 7').first()).toBeVisible()
  await page.screenshot({ path: 'test-results/revert-plan.png', fullPage: true })
  await expectGoodLooks(page)
  await page.setViewportSize({ width: 1280, height: 900 })
  await applyVerified(page)
  await expect(page.getByRole('heading', { name: 'Revert on web' })).toBeVisible()
  expect(table()).toBe(before)

  await page.goto(applyPath)
  await expect(page.getByText(/^Taken back by a revert of Ada/)).toBeVisible()
})

test('what somebody changed since is chosen, one by one, before anything is applied', async ({
  page,
}) => {
  const ids = await applied(page)
  const before = table()
  await weigh(page, ids, '7')
  await applyVerified(page)
  const revert = `${new URL(page.url()).pathname}/revert`
  await weigh(page, ids, '9')
  await applyVerified(page)

  await page.goto(revert)
  await expect(page.getByRole('heading', { name: 'One item was changed since' })).toBeVisible()
  await expect(page.getByRole('button', { name: /^(Apply|Go back)/ })).toHaveCount(0)
  await page.screenshot({ path: 'test-results/revert-conflict.png', fullPage: true })
  await page.getByRole('radio', { name: /^Go back to before this apply/ }).check()
  await expect(nothingYet(page)).toBeVisible()
  await applyVerified(page)
  expect(table()).toBe(before)
})

test('a failed apply offers to finish and to go back, and going back leaves no trace', async ({
  page,
}) => {
  const before = Object.values(fleet().hosts).map(({ kernel }) => kernel.fork().snapshot())
  silence('172.25.254.3')
  const { clusterId } = await seed(app(), fleet())
  await page.goto(`/clusters/${clusterId}/plan`)
  await page.getByRole('button', { name: /^Apply \d+ step/ }).click()
  await expect(page.getByText('Stopped: 172.25.254.3:80 does not answer')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Finish' })).toBeVisible()
  await page.screenshot({ path: 'test-results/revert-failed.png', fullPage: true })
  await page.getByRole('link', { name: 'Go back' }).click()
  await expect(nothingYet(page)).toBeVisible()
  await applyVerified(page)
  const after = Object.values(fleet().hosts).map(({ kernel }) => kernel.fork().snapshot())
  // the schedulers hold ip_vs on the director: it stays, idle
  expect(after.slice(1)).toEqual(before.slice(1))
  expect(table()).toBe('')
})

test('by its policy Tunboard goes back by itself, and the failed apply says so', async ({
  page,
}) => {
  const { clusterId } = await seed(app(), fleet())
  await page.goto(`/clusters/${clusterId}/settings`)
  await page.getByRole('radio', { name: 'Go back by itself' }).check()
  await page.screenshot({ path: 'test-results/revert-policy.png', fullPage: true })
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('Saved: it holds from the next apply on')).toBeVisible()

  silence('172.25.254.3')
  await page.goto(`/clusters/${clusterId}/plan`)
  await page.getByRole('button', { name: /^Apply \d+ step/ }).click()
  await expect(page.getByText('Tunboard went back by itself')).toBeVisible()
  await page.screenshot({ path: 'test-results/revert-by-itself.png', fullPage: true })
  await page.getByRole('link', { name: 'See that revert' }).click()
  await expect(page.getByText(/by the policy of the cluster/)).toBeVisible()
  await expect(page.getByText(/^Verified: running is as desired/)).toBeVisible()
  expect(table()).toBe('')
})

test('the operator who comes second reads who changed what, and which apply came first', async ({
  page,
  context,
}) => {
  const ids = await applied(page)
  await weigh(page, ids, '7')
  const other = await context.newPage()
  await weigh(other, ids, '9')
  await applyVerified(other)

  await page.getByRole('button', { name: /^Apply \d+ step/ }).click()
  const moved = problem(page, 'The plan moved while you read it. Nothing was applied')
  await expect(moved).toContainText('Ada · changed the real server 172.25.254.2:80')
  await page.screenshot({ path: 'test-results/revert-moved.png', fullPage: true })
  await moved.getByRole('link', { name: 'Apply' }).click()
  await expect(page.getByRole('heading', { name: 'Apply on web' })).toBeVisible()
  expect(table()).toContain('172.25.254.2:80 -i -w 9')
})

test('a lock is seen with who holds it, and broken with a reason', async ({ page, context }) => {
  const { clusterId } = await seed(app(), fleet())
  const other = await context.newPage()
  for (const each of [page, other]) {
    await each.goto(`/clusters/${clusterId}/plan`)
    await expect(nothingYet(each)).toBeVisible()
  }
  // the first one holds the locks while it waits for server3
  await fleet().hosts.server3.setMisbehaviour({ name: 'hangs' })
  await page.getByRole('button', { name: /^Apply \d+ step/ }).click()
  const activity = await context.newPage()
  const row = activity.getByRole('row', { name: /^director Ada/ })
  await expect(async () => {
    await activity.goto('/activity')
    await expect(row).toContainText('Applying web', { timeout: 1_000 })
  }).toPass({ timeout: 10_000 })

  await other.getByRole('button', { name: /^Apply \d+ step/ }).click()
  await activity.screenshot({ path: 'test-results/revert-locks.png', fullPage: true })
  await row.getByRole('button', { name: 'Break… director' }).click()
  await activity.getByRole('button', { name: 'Break the lock' }).click()
  await expect(activity.getByText('Say why: it is kept with your name')).toBeVisible()
  await activity.getByRole('textbox', { name: 'Why' }).fill('server3 hangs')
  await activity.screenshot({ path: 'test-results/revert-break.png' })
  await activity.getByRole('button', { name: 'Break the lock' }).click()
  await expect(activity.getByText('The lock of director is broken')).toBeVisible()
  await expect(row).toHaveCount(0)
  // its page reads the hosts anew before it says so, and server3 takes its time
  const locked = problem(other, /Somebody else is changing \w+ right now/)
  const link = locked.getByRole('link', { name: 'See who holds it' })
  await expect(link).toBeVisible({ timeout: 70_000 })
})
