import { expect } from '@playwright/test'
import { makeKey } from '@/lib/testing/fake-host'
import { entryOf, withFakeLab } from '../fake'
import { addHost, approveKey, enterHost, problem } from '../steps'
import { test, withAppEach } from '../test'

withAppEach()
const fleet = withFakeLab()

test('a host is read only after its key was compared', async ({ page }) => {
  const { server2 } = fleet().hosts
  await enterHost(page, entryOf(fleet(), 'server2'))
  await expect(page.getByText(server2.fingerprint, { exact: true })).toBeVisible()
  await expect(page.getByText(/Nothing has been sent to it yet/)).toBeVisible()
  expect(server2.received.auth).toEqual([])
  await approveKey(page, 'server2', server2.fingerprint)
  await expect(page.getByText('server2 was read')).toBeVisible()
  await expect(page.getByText('Debian GNU/Linux 12 (bookworm)')).toBeVisible()
  await expect(page.getByRole('cell', { name: /172\.25\.254\.2/ })).toBeVisible()
})

test('a host that refuses the key says whose, and what to do; afterwards it is read', async ({
  page,
}) => {
  const { server2 } = fleet().hosts
  await server2.setMisbehaviour({ name: 'refuses-key' })
  await enterHost(page, entryOf(fleet(), 'server2'))
  await approveKey(page, 'server2', server2.fingerprint)
  const refused = problem(page, 'server2 refuses the login')
  await expect(refused).toContainText('It does not take this private key for the user root.')
  await expect(refused).toContainText("Is the public key in that user's authorized_keys?")
  expect(server2.received.commands).toEqual([])
  await server2.setMisbehaviour(undefined)
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(page.getByText('server2 was read')).toBeVisible()
  await expect(refused).toBeHidden()
})

test('a changed host key is refused before any login, with both fingerprints', async ({ page }) => {
  const { server2 } = fleet().hosts
  await addHost(page, entryOf(fleet(), 'server2'), server2.fingerprint)
  await server2.setMisbehaviour({ name: 'changed-host-key' })
  const attempts = server2.received.auth.length
  await page.getByRole('button', { name: 'Test connection' }).click()
  const refused = problem(page, 'server2 presents another host key')
  await expect(refused).toContainText('Nothing was sent.')
  await refused.getByRole('link', { name: 'Compare its host key' }).click()

  await expect(page.getByText(/^server2 shows another key than the one/)).toBeVisible()
  await expect(page.getByText(server2.fingerprint, { exact: true })).toBeVisible()
  await expect(page.getByText('Approved by Ada')).toBeVisible()
  const shown = await page.getByText(/^SHA256:/).allTextContents()
  expect(new Set(shown).size).toBe(2)
  const approve = page.getByRole('button', { name: 'Approve the new key' })
  await expect(approve).toBeDisabled()
  expect(server2.received.auth).toHaveLength(attempts)

  await page.getByRole('checkbox', { name: /^I have compared the new fingerprint/ }).check()
  await approve.click()
  await expect.poll(() => server2.received.auth.length).toBeGreaterThan(attempts)
  await expect(page.getByText('Well when last read')).toBeVisible()
})

test('a host that cannot be reached shows no key, and is asked again', async ({ page }) => {
  const { server2 } = fleet().hosts
  await server2.setMisbehaviour({ name: 'unreachable' })
  await enterHost(page, entryOf(fleet(), 'server2'))
  await expect(page.getByText('server2 does not accept connections')).toBeVisible()
  await expect(page.getByText(/is sshd listening on this port/)).toBeVisible()
  await server2.setMisbehaviour(undefined)
  await page.getByRole('link', { name: 'Ask again' }).click()
  await approveKey(page, 'server2', server2.fingerprint)
  await expect(page.getByText('server2 was read')).toBeVisible()
})

test('a host that prints nonsense is named, and what was known of it stays', async ({ page }) => {
  const { server2 } = fleet().hosts
  await addHost(page, entryOf(fleet(), 'server2'), server2.fingerprint)
  await server2.setMisbehaviour({ name: 'prints-nonsense' })
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(problem(page, 'The answer of server2 was cut short')).toBeVisible()
  await expect(page.getByText('Debian GNU/Linux 12 (bookworm)')).toBeVisible()
})

test('a host whose sudo asks for a password may change nothing, and says so', async ({ page }) => {
  const { server2 } = fleet().hosts
  await server2.setMisbehaviour({ name: 'sudo-asks-password' })
  const entry = { ...entryOf(fleet(), 'server2'), user: 'student', become: 'sudo' } as const
  await addHost(page, entry, server2.fingerprint)
  await expect(page.getByText('student, who may change nothing')).toBeVisible()
})

test('what was typed is not lost where a field is wrong', async ({ page }) => {
  const { server2, server3 } = fleet().hosts
  await addHost(page, entryOf(fleet(), 'server2'), server2.fingerprint)
  const { private: privateKey } = makeKey()
  await enterHost(page, { name: 'server2', port: server3.port, user: 'student', privateKey })
  await expect(page.getByText('This name is taken')).toBeVisible()
  const name = page.getByLabel('Name', { exact: true })
  await expect(name).toBeFocused()
  await expect(page.getByLabel('SSH port')).toHaveValue(String(server3.port))
  await expect(page.getByLabel('User', { exact: true })).toHaveValue('student')
  const key = page.getByRole('textbox', { name: 'Private key' })
  expect((await key.inputValue()).trim()).toBe(privateKey.trim())
  await name.fill('server3')
  await page.getByRole('button', { name: 'Add and compare its key' }).click()
  await expect(page.getByText(server3.fingerprint, { exact: true })).toBeVisible()
})

test('a host that nothing uses is deleted', async ({ page }) => {
  const { server2 } = fleet().hosts
  await addHost(page, entryOf(fleet(), 'server2'), server2.fingerprint)
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Delete host' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete host' }).click()
  await expect(page.getByText(/^Hosts are the machines that Tunboard reaches by SSH/)).toBeVisible()
})
