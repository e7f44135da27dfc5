import { expect } from '@playwright/test'
import { LAB_LOGIN } from '@/lib/testing/fake-lab'
import { withFakeLab } from '../fake'
import { addHost, applyVerified, createCluster } from '../steps'
import { test, withApp } from '../test'

withApp()
const fleet = withFakeLab()

test('smoke', async ({ page }) => {
  const { hosts } = fleet()
  for (const name of ['director', 'server2', 'server3'] as const)
    await addHost(
      page,
      { name, port: hosts[name].port, privateKey: LAB_LOGIN.privateKey },
      hosts[name].fingerprint,
    )
  await createCluster(page, {
    name: 'www',
    director: 'director',
    vip: '172.25.254.100',
    realServers: ['server2', 'server3'],
  })
  await applyVerified(page)
  expect(hosts.director.kernel.exec(['ipvsadm', '-Sn']).stdout).toContain('172.25.254.3:80')
})
