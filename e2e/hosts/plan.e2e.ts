import { expect, type Page } from '@playwright/test'
import { entryOf, seed, withFakeLab } from '../fake'
import { addHost, apply, applyVerified, createCluster, nothingYet, problem } from '../steps'
import { test, withAppEach } from '../test'

const app = withAppEach()
const fleet = withFakeLab()

const WWW = '172.25.254.100:80'
const table = () => fleet().hosts.director.kernel.exec(['ipvsadm', '-Sn']).stdout

/** Opens the plan of the tutorial's cluster on hosts as they are now. */
async function openPlan(page: Page): Promise<string> {
  const { clusterId } = await seed(app(), fleet())
  await page.goto(`/clusters/${clusterId}/plan`)
  return clusterId
}

test('a cluster is made by clicking, planned, applied and verified', async ({ page }) => {
  const { hosts } = fleet()
  for (const name of ['director', 'server2', 'server3'] as const)
    await addHost(page, entryOf(fleet(), name), hosts[name].fingerprint)
  const realServers = ['server2', 'server3']
  await createCluster(page, {
    name: 'www',
    director: 'director',
    vip: '172.25.254.100',
    realServers,
  })
  await page.getByRole('button', { name: 'Show all commands' }).click()
  const command = page.getByText(`ipvsadm -a -t ${WWW} -r 172.25.254.3:80 -i -w 1`)
  await expect(command.first()).toBeVisible()
  expect(hosts.director.received.commands).toEqual([])
  await applyVerified(page)
  expect(table()).toContain('172.25.254.3:80')
  await page.getByRole('link', { name: 'www' }).first().click()
  await page.getByRole('link', { name: /^Plan( \d+)?$/ }).click()
  await expect(page.getByText('Running is as desired')).toBeVisible()
})

test('a host that is lost in the middle leaves steps unknown, and a second plan finishes', async ({
  page,
}) => {
  const { server3 } = fleet().hosts
  const clusterId = await openPlan(page)
  await expect(nothingYet(page)).toBeVisible()
  await server3.setMisbehaviour({ name: 'drops-mid-plan', at: 3, when: 'after' })
  await apply(page)
  await expect(page.getByText('Stopped at the first failure')).toBeVisible()
  await expect(page.getByText('The connection to server3 broke')).toBeVisible()
  await expect(page.getByText(/a command may or may not have run/)).toBeVisible()
  await expect(page.getByText('unknown', { exact: true }).first()).toBeVisible()
  await expect(page.getByText('not run', { exact: true }).first()).toBeVisible()
  // its undo timer was armed and taken away, and no step was sent
  const isOfTimer = (argv: string[]) => argv.some((word) => word.startsWith('tunboard-'))
  const { commands } = fleet().hosts.director.received
  expect(commands.filter((argv) => !isOfTimer(argv))).toEqual([])

  await server3.setMisbehaviour(undefined)
  await page.getByRole('link', { name: 'Finish' }).click()
  await expect(nothingYet(page)).toBeVisible()
  await expect(page.getByRole('heading', { name: 'server2', level: 2 })).toBeHidden()
  await applyVerified(page)
  await page.goto(`/clusters/${clusterId}/history`)
  await expect(page.getByRole('row', { name: /Failed/ })).toBeVisible()
  await expect(page.getByRole('row', { name: /Verified/ })).toBeVisible()
})

test('a command that fails is shown with its output, and what to do', async ({ page }) => {
  const { modules } = fleet().hosts.director.kernel.state
  modules.available = modules.available.filter((name) => name !== 'ip_vs_rr')
  await openPlan(page)
  await apply(page)
  await expect(page.getByText('Stopped at the first failure')).toBeVisible()
  await expect(page.getByText('Scheduler or persistence engine not found').first()).toBeVisible()
  await expect(page.getByText(`ipvsadm -A -t ${WWW} -s rr`).first()).toBeVisible()
  await expect(page.getByText(/Solve the cause and finish it/)).toBeVisible()
})

test('a real server that does not answer is not added, unless one says so', async ({ page }) => {
  const { state } = fleet().hosts.director.kernel
  state.answers = state.answers.filter((address) => address !== '172.25.254.3:80')
  await openPlan(page)
  await apply(page)
  await expect(page.getByText('Stopped: 172.25.254.3:80 does not answer')).toBeVisible()
  expect(table()).not.toContain('172.25.254.3')
  await page.getByRole('link', { name: 'Finish' }).click()
  await page.getByRole('checkbox', { name: /^Add real servers even if they do not answer/ }).check()
  await expect(page.getByText(/New RIP:ports are not asked/)).toBeVisible()
  await applyVerified(page)
  expect(table()).toContain('172.25.254.3')
})

test('a kernel without ip_vs is a refusal that says what to install', async ({ page }) => {
  await fleet().hosts.director.setMisbehaviour({ name: 'no-ip-vs-module' })
  await openPlan(page)
  await expect(page.getByText('The kernel of director has no module ip_vs')).toBeVisible()
  await expect(page.getByText(/Install the kernel's extra modules/)).toBeVisible()
  await expect(page.getByRole('button', { name: /^Apply/ })).toBeDisabled()
})

test('a host that prints nonsense is not changed, and the plan says which one it is', async ({
  page,
}) => {
  const { clusterId } = await seed(app(), fleet())
  await fleet().hosts.director.setMisbehaviour({ name: 'prints-nonsense' })
  await page.goto(`/clusters/${clusterId}/plan`)
  await expect(
    page.getByText(/^(The answer of director was cut|director prints \w+ in a form)/),
  ).toBeVisible()
  await expect(page.getByRole('heading', { name: 'director', level: 2 })).toBeHidden()
  expect(fleet().hosts.director.received.commands).toEqual([])
})

test('a host that cannot be reached waits, and the others are planned', async ({ page }) => {
  const { clusterId } = await seed(app(), fleet())
  await fleet().hosts.server3.setMisbehaviour({ name: 'unreachable' })
  await page.goto(`/clusters/${clusterId}/plan`)
  await expect(page.getByText('server3 does not accept connections')).toBeVisible()
  await expect(page.getByText(/Its steps are not in this plan/)).toBeVisible()
  await expect(page.getByRole('heading', { name: 'server2', level: 2 })).toBeVisible()
  await applyVerified(page)
  expect(table()).toContain('172.25.254.2:80')
  expect(table()).not.toContain('172.25.254.3:80')
})

test('a plan that moved behind the operator is shown anew, and nothing was applied', async ({
  page,
}) => {
  await openPlan(page)
  await expect(nothingYet(page)).toBeVisible()
  const { server2, server3, director } = fleet().hosts
  server2.kernel.exec(['modprobe', 'ipip'])
  await page.getByRole('button', { name: /^Apply \d+ step/ }).click()
  const moved = problem(page, 'The plan moved while you read it. Nothing was applied')
  await expect(moved).toContainText('Not in the plan any more')
  await expect(moved).toContainText('server2 · Load module ipip')
  for (const host of [server2, server3, director]) expect(host.received.commands).toEqual([])
  await applyVerified(page)
})

test('two operators who apply at once do not meet: one of them is told', async ({
  page,
  context,
}) => {
  const clusterId = await openPlan(page)
  await expect(nothingYet(page)).toBeVisible()
  const other = await context.newPage()
  await other.goto(`/clusters/${clusterId}/plan`)
  await expect(nothingYet(other)).toBeVisible()
  await Promise.all(
    [page, other].map((each) => each.getByRole('button', { name: /^Apply \d+ step/ }).click()),
  )
  const told =
    /Somebody else is changing \w+ right now|The plan moved while you read it|There is nothing to apply/
  await expect(async () => {
    const both = await Promise.all([page, other].map((each) => problem(each, told).count()))
    expect(both.toSorted()).toEqual([0, 1])
  }).toPass({ timeout: 20_000 })
  const adds = () =>
    fleet().hosts.director.received.commands.filter((argv) => argv.includes('-A')).length
  await expect.poll(adds).toBe(1)
})

test('closing the browser does not stop an apply, and coming back shows it', async ({
  page,
  context,
}) => {
  await openPlan(page)
  await expect(nothingYet(page)).toBeVisible()
  await apply(page)
  const address = page.url()
  await page.close()
  await expect.poll(table).toContain('172.25.254.3:80')
  const later = await context.newPage()
  await later.goto(address)
  await expect(later.getByText(/^Verified: running is as desired/)).toBeVisible()
})
