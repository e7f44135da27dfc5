import { test } from '@playwright/test'
import { type FakeLab, type FakeLabName, LAB_LOGIN, startFakeLab } from '@/lib/testing/fake-lab'
import type { App } from './app'
import type { HostEntry } from './steps'
import { runScript } from './test'

/** Starts four hosts that misbehave on demand, anew for each test of a file. */
export function withFakeLab(): () => FakeLab {
  let fleet: FakeLab | undefined
  test.beforeEach(async () => {
    fleet = await startFakeLab()
  })
  test.afterEach(async () => {
    await fleet?.close()
    fleet = undefined
  })
  return () => {
    if (fleet === undefined) throw new Error('the hosts are started before each test, not earlier')
    return fleet
  }
}

/** What a person enters for a fake host. */
export const entryOf = ({ hosts }: FakeLab, name: FakeLabName): HostEntry => ({
  ...{ name, port: hosts[name].port, privateKey: LAB_LOGIN.privateKey },
})

export type Seeded = {
  hosts: Record<FakeLabName, string>
  clusterId: string
  serviceId: string
  realServerId: string
}

function machinesOf({ hosts }: FakeLab) {
  const all = Object.entries(hosts)
  return Object.fromEntries(
    all.map(([name, { port, fingerprint }]) => [name, { port, fingerprint }]),
  )
}

/** Puts the hosts, read and with approved keys, and the tutorial's cluster into a Tunboard; nothing is applied. */
export const seed = (app: App, fleet: FakeLab): Promise<Seeded> =>
  runScript(app, 'seed', { machines: machinesOf(fleet), login: LAB_LOGIN, applied: false })

/** The same, with the cluster applied and saved, and a second one that is not. */
export const seedApplied = (
  app: App,
  fleet: FakeLab,
): Promise<Seeded & { applyId: string; saveId: string; nextId: string }> =>
  runScript(app, 'seed', { machines: machinesOf(fleet), login: LAB_LOGIN, applied: true })
