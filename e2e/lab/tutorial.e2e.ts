import { expect } from '@playwright/test'
import { addNodes, capture, request, rules, sh, VIP, withLab } from '../lab'
import { drain, figure, openLive, realServer, remove } from '../live'
import { applyVerified, choose, createCluster, firstRun, nothingYet } from '../steps'
import { keepSession, test, withApp } from '../test'

// The tutorial by clicking, from an empty database, on real kernels: each test goes on where the last one ended.
test.describe.configure({ mode: 'serial' })
withApp({ asAda: false })
const lab = withLab()

const count = (answers: readonly string[], name: string) =>
  answers.filter((each) => each === name).length

/** Each answer comes from the one whose turn it is: no two of a round are the same. */
function expectTurns(answers: readonly string[], names: readonly string[]) {
  const round = names.length
  for (let at = 0; at + round <= answers.length; at++)
    expect(new Set(answers.slice(at, at + round)), `answers: ${answers.join(' ')}`).toEqual(
      new Set(names),
    )
}

/** How many connections the director's kernel has in its table now; ipvsadm's own counters come up to 2 s late. */
const connectionsSeen = async () =>
  Number(
    await sh(lab(), 'director', "awk '/->/ { n += $5 + $6 } END { print n + 0 }' /proc/net/ip_vs"),
  )

let server3Before: string[]

test('the first account is made, and sign-up closes', async ({ page, browser }) => {
  server3Before = await capture(lab(), 'server3')
  await firstRun(page)
  await keepSession(page)
  const stranger = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  const visit = await stranger.newPage()
  await visit.goto('/first-run')
  await expect(visit.getByRole('button', { name: 'Log in' })).toBeVisible()
  await stranger.close()
})

test('three hosts are added, their keys approved after comparing them', async ({ page }) => {
  await addNodes(page, lab(), ['director', 'server2', 'server3'])
  expect(await capture(lab(), 'server3'), 'the probe changes nothing').toEqual(server3Before)
})

test('a cluster is made, planned, applied and verified', async ({ page }) => {
  await createCluster(page, {
    ...{ name: 'www', director: 'director', vip: VIP },
    realServers: ['server2', 'server3'],
  })
  expect(await capture(lab(), 'server3'), 'nothing has happened yet').toEqual(server3Before)
  expect(await rules(lab())).toBe('')
  await applyVerified(page)
  expect((await rules(lab())).trim().split('\n')).toEqual([
    `-A -t ${VIP}:80 -s rr`,
    `-a -t ${VIP}:80 -r 172.25.254.2:80 -i -w 1 --tun-type ipip`,
    `-a -t ${VIP}:80 -r 172.25.254.3:80 -i -w 1 --tun-type ipip`,
  ])
})

test('twenty requests alternate strictly, ten and ten', async () => {
  const answers = await request(lab(), 20)
  expectTurns(answers, ['server2', 'server3'])
  expect([count(answers, 'server2'), count(answers, 'server3')]).toEqual([10, 10])
})

test('the live page shows both within 5 s of the traffic, and 50/50 within 15 s', async ({
  page,
}) => {
  await openLive(page, 'www')
  const names = ['server2', 'server3']
  const connections = async (name: string) =>
    (await figure(page, name, 'Active')) + (await figure(page, name, 'Inactive'))
  const before = await Promise.all(names.map(connections))
  const seen = await connectionsSeen()
  await lab().startTraffic({ perSecond: 8 })
  // A busy machine takes its time to start the client: the clock runs from the first packet on.
  await expect.poll(connectionsSeen, { intervals: [100] }).toBeGreaterThan(seen)
  const since = Date.now()
  await expect(async () => {
    const now = await Promise.all(names.map(connections))
    for (const [at, count] of now.entries()) expect(count).toBeGreaterThan(before[at] ?? 0)
  }).toPass({ timeout: 5_000, intervals: [100] })
  await expect(page.getByText(/^Even: (49|50|51)\.\d \/ (49|50|51)\.\d\s%$/)).toBeVisible({
    timeout: 15_000 - (Date.now() - since),
  })
  await lab().stopTraffic()
})

test('server4 is added by the form, and each gets a third', async ({ page }) => {
  await addNodes(page, lab(), ['server4'])
  await openLive(page, 'www')
  await page.getByRole('link', { name: 'Add real server' }).click()
  await choose(page, page.getByRole('combobox', { name: 'Host' }), 'server4')
  await expect(page.getByRole('combobox', { name: 'RIP' })).toContainText('172.25.254.4')
  await page.getByRole('button', { name: 'Add and see the plan' }).click()
  await expect(nothingYet(page)).toBeVisible()
  await applyVerified(page)
  const answers = await request(lab(), 21)
  expectTurns(answers, ['server2', 'server3', 'server4'])
  expect(['server2', 'server3', 'server4'].map((name) => count(answers, name))).toEqual([7, 7, 7])
})

test('server3 is drained with a live countdown, removed, and as it was before we came', async ({
  page,
}) => {
  // One connection to each: whoever is drained has one that has not ended.
  const hold = 'for i in 1 2 3; do (exec 3<>/dev/tcp/172.25.254.100/80; exec sleep 55) & done'
  await lab().exec('client', `setsid -f bash -c '${hold}; wait' hold >/dev/null 2>&1 </dev/null`)
  await openLive(page, 'www')
  await expect.poll(() => figure(page, 'server3', 'Active')).toBe(1)
  await drain(page, 'server3')
  await applyVerified(page)
  await page.getByRole('link', { name: 'Watch it live' }).click()
  await expect(page.getByText('server3 is draining')).toBeVisible()
  const countdown = page.getByText(/One active connection left, at most (\d+):(\d\d) more/)
  await expect(countdown).toBeVisible()
  const first = await countdown.textContent()
  await expect.poll(() => countdown.textContent(), { message: 'it counts down' }).not.toBe(first)
  expect(await rules(lab())).toContain('172.25.254.3:80 -i -w 0')

  // on a slow machine they may have ended by themselves
  await sh(lab(), 'client', 'pkill -f "[s]leep 55"; true')
  await expect(realServer(page, 'server3')).toBeHidden()
  await expect.poll(() => rules(lab())).not.toContain('172.25.254.3')
  await expect.poll(() => capture(lab(), 'server3')).toEqual(server3Before)
  const answers = await request(lab(), 20)
  expectTurns(answers, ['server2', 'server4'])
})

test('a dead server4 is removed, owes its clean-up, and pays when it is back', async ({ page }) => {
  await lab().powerOff('server4')
  await openLive(page, 'www')
  await remove(page, 'server4')
  await expect(page.getByText('Waits until it can be done')).toBeVisible()
  await applyVerified(page)
  expect((await rules(lab())).trim().split('\n').slice(1)).toEqual([
    `-a -t ${VIP}:80 -r 172.25.254.2:80 -i -w 1 --tun-type ipip`,
  ])
  expect(new Set(await request(lab(), 6))).toEqual(new Set(['server2']))

  await openLive(page, 'www')
  await expect(page.getByText('server4’s clean-up waits until it can be reached')).toBeVisible()
  await page.goto('/hosts')
  await expect(page.getByRole('row', { name: /^server4/ })).toContainText('debt')

  await lab().powerOn('server4')
  await expect(async () => {
    await page.reload()
    await expect(page.getByRole('row', { name: /^server4/ })).not.toContainText('debt', {
      timeout: 1_000,
    })
  }).toPass({ timeout: 60_000 })
  await page.goto('/activity')
  const paid = page.getByRole('row').filter({ hasText: 'Pay a debt' })
  await expect(paid).toContainText('Verified')
  await expect(paid).toContainText('Tunboard')
  await page.goto('/hosts')
  await page.getByRole('link', { name: 'server4' }).first().click()
  await expect(page.getByText('Nothing: this machine has no trace of Tunboard.')).toBeVisible()
})
