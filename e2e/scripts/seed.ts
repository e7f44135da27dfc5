import { readFileSync } from 'node:fs'
import { getCluster } from '@/lib/db/clusters'
import { listSaves } from '@/lib/db/saves'
import { saveRules } from '@/lib/ops/save-rules'
import {
  createTutorial,
  type Machine,
  operator,
  planAndApply,
  registerLab,
} from '@/lib/ops/test-fleet'
import type { Lab } from '@/lib/ops/test-world'
import { closeAll } from '@/lib/ssh/client'

// Does through lib/ops what other tests do by clicking: hosts with approved keys, and a cluster of them. `applied`: and
// its apply, which is saved; then a second cluster waits to be applied.

type Input = {
  machines: Record<keyof Lab, Machine>
  login: { password: string }
  applied: boolean
}

const second = {
  ...{ name: 'next', realServers: [] },
  service: {
    kind: 'address',
    protocol: 'tcp',
    vip: '172.25.254.101',
    port: '80',
    scheduler: 'wrr',
  },
}

async function applyOne(hosts: Lab, clusterId: string) {
  const { id: applyId } = await planAndApply(clusterId)
  const saved = await saveRules(operator(), { scope: { kind: 'cluster', id: clusterId } })
  await saved.done
  const [save] = await listSaves({ applyId: saved.applyId })
  return { applyId, saveId: save?.id, nextId: await createTutorial(hosts, second) }
}

const { machines, login, applied } = JSON.parse(readFileSync(0, 'utf8')) as Input
const hosts = await registerLab(machines, login)
const clusterId = await createTutorial(hosts)
const more = applied ? await applyOne(hosts, clusterId) : {}
const [service] = (await getCluster(clusterId)).desired.services
const ids = { serviceId: service?.id, realServerId: service?.realServers[0]?.id }
await closeAll()
process.stdout.write(JSON.stringify({ hosts, clusterId, ...ids, ...more }))
