import { expect, type Page } from '@playwright/test'
import { seedApplied, withFakeLab } from '../fake'
import { test, withAppEach } from '../test'

const app = withAppEach()
const fleet = withFakeLab()

/** Opens the live stream as a browser does, and reads its beginning. */
async function openStream(page: Page, clusterId: string) {
  const cookies = await page.context().cookies(app().url)
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const response = await fetch(`${app().url}/api/clusters/${clusterId}/live`, {
    headers: { cookie, accept: 'text/event-stream' },
  })
  const reader = response.body?.getReader()
  if (reader === undefined) throw new Error('the stream has no body')
  const { value } = await reader.read()
  return { status: response.status, first: new TextDecoder().decode(value), reader }
}

test('asked to end it ends at once and cleanly, with streams open and a director being read', async ({
  page,
}) => {
  const { clusterId } = await seedApplied(app(), fleet())
  const { status, first, reader } = await openStream(page, clusterId)
  expect(status).toBe(200)
  expect(first).toMatch(/^(event|data|id|retry|:)/)
  await expect.poll(() => fleet().hosts.director.received.streams).toBeGreaterThan(0)
  await app().stop() // throws where it does not end with 0
  const rest = async () => {
    while (!(await reader.read()).done);
    return 'ended'
  }
  expect(await rest().catch(() => 'ended')).toBe('ended')
})
