import assert from 'node:assert/strict'
import { type Lab, startLab } from '@/lab/lab'
import { until } from '@/lab/until'
import { listDrains } from '@/lib/db/drains'
import { useTestDatabase } from '@/lib/db/test-database'
import { watchDrains } from '@/lib/ops/watch-drains'
import { closeAll } from '@/lib/ssh/client'
import type { Proof, Row } from './figure'
import { SECRET_KEY } from './fleet/fleet'
import { type Connections, holdConnections, startServers } from './no-drop/connections'
import * as operate from './no-drop/operate'

/** Each is asked after every change: enough that each server has many, few enough that a slow kernel answers all at once. */
const CONNECTIONS = 48
const GOAL = CONNECTIONS * 7
/** The shortest that a drain may wait. */
const DEADLINE_SECONDS = 10

/** The director's TCP timeout in the lab: 15 minutes, the kernel's own, would be long to wait for. */
const FORGETS_SECONDS = 120
/** A client's TCP asks again ever more rarely: after this many seconds it has met a director that has forgotten it. */
const ASKED_AGAIN_SECONDS = 2 * FORGETS_SECONDS + 60

const HASTY = '172.25.254.3'

type Scene = { lab: Lab; clusterId: string; server4: string; held: Connections; rows: Row[] }

/** Asks every connection after a change: `lost` are those that may hang, and no other. */
async function judge(
  scene: Scene,
  change: string,
  said: operate.Said,
  lost: readonly number[] = [],
) {
  const { answered, silent, ended } = await scene.held.ask()
  const wrong = [...ended, ...silent.filter((each) => !lost.includes(each))]
  const alive = lost.filter((each) => answered.includes(each))
  scene.rows.push({
    ...{ change, asked: CONNECTIONS, answered: answered.length, hang: silent.length },
    ...{ ended: ended.length, 'plan: cut': said.cut, 'plan: ending': said.ending },
    failed:
      wrong.length + alive.length + CONNECTIONS - answered.length - silent.length - ended.length,
  })
}

const sysctl = async ({ lab }: Scene): Promise<string> => {
  const { stdout } = await lab.exec('director', 'sysctl -n net.ipv4.vs.expire_nodest_conn')
  return stdout.trim()
}

/** Looks at drains as the server does every few seconds, until this one has removed what it drained. */
async function drainToTheEnd(scene: Scene): Promise<operate.Said> {
  const said = await operate.drain(scene.clusterId, HASTY, DEADLINE_SECONDS)
  const isRemoved = async () => {
    await watchDrains()
    const drains = await listDrains({ clusterId: scene.clusterId })
    return drains[0]?.state === 'removed'
  }
  await until(isRemoved, { seconds: 90, otherwise: 'The drain did not end', everyMs: 1000 })
  return said
}

/** How long the plan says that they hang: until the director forgets them, which then answers with a reset. */
async function judgeForgotten({ held, rows }: Scene, lost: readonly number[]): Promise<void> {
  const since = performance.now()
  let [found, seconds] = [await held.ask(), 0]
  while (seconds < ASKED_AGAIN_SECONDS && lost.some((each) => !found.ended.includes(each))) {
    found = await held.ask()
    seconds = Math.round((performance.now() - since) / 1000)
  }
  const { answered, silent, ended } = found
  rows.push({
    ...{ change: `forgotten, seen after ${seconds} s`, asked: CONNECTIONS, hang: silent.length },
    ...{ answered: answered.length, ended: ended.length },
    failed: lost.filter((each) => !ended.includes(each)).length + (ended.length - lost.length),
  })
}

async function play(scene: Scene): Promise<void> {
  const { clusterId, held, lab } = scene
  await operate.apply(clusterId)
  await lab.exec('director', `ipvsadm --set ${FORGETS_SECONDS} 120 300`)
  const servers = await held.open(CONNECTIONS)
  assert.equal(servers.length, CONNECTIONS, `only ${servers.length} connections were opened`)
  await judge(scene, 'add', await operate.add(clusterId, scene.server4, '172.25.254.4'))
  const weighed = await operate.weigh(clusterId, { '172.25.254.2': 5, [HASTY]: 0 })
  await judge(scene, 're-weight', weighed)
  await judge(scene, 'revert', await operate.revert(clusterId, weighed.applyId))
  await judge(scene, 'drain', await operate.drain(clusterId, HASTY, 600))
  await judge(scene, 'undo of the drain', await operate.takeDrainBack(clusterId))
  const said = await drainToTheEnd(scene)
  const lost = servers.flatMap((name, at) => (name === 'server3' ? [at] : []))
  assert.equal(said.ending, lost.length, 'the plan did not say how many it leaves to end')
  await judge(scene, 'removed past its deadline', said, lost)
  await judgeForgotten(scene, lost)
  const removal = await operate.lastApply(clusterId)
  const back = await operate.revert(clusterId, removal)
  const { answered, ended } = await held.ask()
  const others = servers.flatMap((_, at) => (lost.includes(at) ? [] : [at]))
  const failed =
    others.filter((each) => !answered.includes(each)).length +
    ended.filter((each) => !lost.includes(each)).length
  const hang = CONNECTIONS - answered.length - ended.length
  scene.rows.push({
    ...{ change: 'revert of the removal', asked: CONNECTIONS, answered: answered.length, hang },
    ...{ ended: ended.length, 'plan: cut': back.cut, 'plan: ending': back.ending, failed },
  })
}

async function prove(lab: Lab): Promise<Row[]> {
  await startServers(lab, ['server2', 'server3', 'server4'])
  const { clusterId, hosts } = await operate.createCluster(lab)
  const held = await holdConnections(lab)
  const scene: Scene = { lab, clusterId, server4: hosts.server4, held, rows: [] }
  await play(scene)
  assert.equal(await sysctl(scene), '0', 'expire_nodest_conn was changed')
  return scene.rows
}

export const figure: Proof = {
  name: 'no-drop',
  about:
    'connections through the VIP outlive every change but the end of a drain that ran out of time',
  async run({ seed }) {
    // biome-ignore lint/correctness/useHookAtTopLevel: no hook of React
    const { remove } = await useTestDatabase()
    globalThis.tunboardSecretKey = SECRET_KEY
    const lab = await startLab()
    try {
      const rows = await prove(lab)
      const sum = (key: string) => rows.reduce((total, row) => total + Number(row[key]), 0)
      const [cases, failed] = [sum('asked'), sum('failed')]
      return {
        rows,
        result: { cases, failed, seed, goal: GOAL, pass: failed === 0 && cases >= GOAL },
      }
    } finally {
      await closeAll()
      await lab.stop()
      await remove()
    }
  },
}
