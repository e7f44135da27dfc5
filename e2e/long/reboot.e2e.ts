import { expect } from '@playwright/test'
import type { StartOptions } from '@/lab/lab'
import { withLab } from '../lab'
import {
  addLimitedService,
  expectInSync,
  expectTurns,
  makeCluster,
  makeHostile,
  powerCycle,
  saveRules,
  tableOf,
} from '../reboot'
import { test, withApp } from '../test'

type Variant = { name: string; hostile: boolean; options: StartOptions }

const VARIANTS: readonly Variant[] = [
  { name: 'Debian 12, quick', hostile: false, options: {} },
  {
    name: 'Debian 12 under systemd, a hostile sysctl file',
    hostile: true,
    options: { init: 'systemd' },
  },
  {
    name: 'Debian 13 under systemd with its own ipvsadm unit, a hostile sysctl file',
    hostile: true,
    options: { suite: 'trixie', init: 'systemd' },
  },
]

for (const { name, hostile, options } of VARIANTS) {
  test.describe(name, () => {
    test.describe.configure({ mode: 'serial' })
    withApp()
    const lab = withLab(['director', 'server2', 'server3', 'client'], options)

    test('a cluster is set up and saved by clicking', async ({ page }) => {
      if (hostile) await makeHostile(lab())
      await makeCluster(page, lab())
      await addLimitedService(page, lab())
      await saveRules(page)
    })

    for (const round of ['once', 'twice'])
      test(`every host loses power, and all is back by itself: ${round}`, async ({ page }) => {
        const before = await tableOf(lab())
        expect(before).toContain('-p 600')
        expect(before).toContain('800 100 200')
        await powerCycle(lab())
        await expectTurns(lab())
        expect(await tableOf(lab())).toBe(before)
        await expectInSync(page)
      })
  })
}
