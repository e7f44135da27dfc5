import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { forwardSsh, greetsWithSsh } from './forward'
import { type Image, openImage } from './image'
import { hardwareAddress, type LabNode, lastByte } from './nodes'
import { end, isAlive, launch } from './processes'
import { closeConnections, execOn } from './shell'
import type { LabState } from './state'
import { until } from './until'

/** Five nodes under systemd take 20 s on two idle cores; a smaller bound failed on busy ones. */
const bootSeconds = 120

export function isOn(run: string, node: LabNode): boolean {
  return isAlive(run, `${node.name}.kernel`)
}

/** Starts the switch that is the cluster's network, unless it runs. */
export async function startSwitch(run: string, image: Image): Promise<void> {
  if (isAlive(run, 'switch')) return
  const socket = join(run, 'lan.sock')
  const fifo = join(run, 'switch.fifo')
  for (const file of [socket, fifo]) rmSync(file, { force: true })
  // uml_switch ends when its standard input does; a fifo that it holds open for both ways never does.
  spawnSync('mkfifo', [fifo])
  const input = openSync(fifo, 'r+')
  launch({ run, name: 'switch', argv: [...image.command('uml_switch'), '-unix', socket], input })
  closeSync(input)
  await until(() => existsSync(socket), { seconds: 5, otherwise: 'The switch did not start' })
}

/** Boots a node from its disk and waits until it has booted. */
export async function powerOnNode(run: string, state: LabState, node: LabNode): Promise<void> {
  const image = openImage(state.image)
  const { name } = node
  const bess = join(run, `${name}.bess.sock`)
  const api = join(run, `${name}.api.sock`)
  for (const file of [bess, api]) rmSync(file, { force: true })
  launch({ run, name: `${name}.slirp`, argv: slirpCommand(image, bess, api) })
  await until(() => existsSync(bess), { seconds: 5, otherwise: `The way to ${name} did not open` })
  launch({
    run,
    name: `${name}.kernel`,
    argv: kernelCommand(image, run, state, node),
    // Its memory is a file there; on a disk each page would be written back.
    env: { LD_PRELOAD: image.shim, TMPDIR: '/dev/shm' },
  })
  // slirp4netns takes orders only once the node has brought mgmt up, late in a boot of systemd.
  await whileOn(run, node, () => existsSync(api))
  await forwardSsh(api, node.port)
  await whileOn(run, node, () => greetsWithSsh(node.port))
  if (state.init === 'systemd') await waitForSystemd(run, image, node)
}

/** Pulls the plug: the kernel is gone, its port refuses, what it had not written is lost. */
export async function cutPower(run: string, state: LabState, node: LabNode): Promise<void> {
  for (const part of ['kernel', 'slirp']) await end(run, `${node.name}.${part}`, state.image)
  await closeConnections({ run, key: openImage(state.image).key, node })
}

/** Shuts a node down as a person would, and pulls the plug where that does not end within 20 s. */
export async function shutDown(run: string, state: LabState, node: LabNode): Promise<void> {
  if (!isOn(run, node)) return await cutPower(run, state, node)
  const command = state.init === 'systemd' ? 'systemctl poweroff' : 'sync; busybox poweroff -f'
  const login = { run, key: openImage(state.image).key, node, user: 'root' } as const
  // Detached: the connection ends before the command does.
  const off = execOn(login, `(sleep 0.2; ${command}) >/dev/null 2>&1 </dev/null &`)
  const gone = until(() => !isOn(run, node), { seconds: 20, otherwise: 'It stayed on' })
  await Promise.allSettled([off, gone]) // whatever happens, the plug is next
  await cutPower(run, state, node)
}

function slirpCommand(image: Image, bess: string, api: string): string[] {
  const options = ['--disable-host-loopback', '--disable-dns', '--mtu=1500', '--api-socket', api]
  return [...image.command('slirp4netns'), '--target-type=bess', ...options, bess]
}

function kernelCommand(image: Image, run: string, state: LabState, node: LabNode): string[] {
  const { name } = node
  return [
    image.kernel,
    `mem=${state.memory}`,
    `umid=${name}`,
    `uml_dir=${join(run, 'uml')}/`,
    `ubd0=${join(run, `${name}.cow`)},${image.disk}`,
    ...['root=/dev/ubda', 'rw', 'rootfstype=ext4', 'quiet', 'loglevel=4'],
    `init=/lab/${state.init === 'systemd' ? 'init-systemd' : 'init'}`,
    ...['con0=null,fd:1', 'con=null', 'ssl=null'],
    `vec0:transport=bess,dst=${join(run, `${name}.bess.sock`)},depth=64`,
    `eth0=daemon,${hardwareAddress(node)},unix,${join(run, 'lan.sock')}`,
    `LAB_NODE=${name}`,
    `LAB_LAN=${lastByte(node)}`,
  ]
}

/** SSH answers before the last unit has started; rules and web server may not be there yet. */
async function waitForSystemd(run: string, image: Image, node: LabNode): Promise<void> {
  const login = { run, key: image.key, node, user: 'root' } as const
  // Not with --wait: asked at the wrong moment of a boot, it ends without an answer.
  const hasBooted = async () => {
    const { stdout } = await execOn(login, 'systemctl is-system-running')
    // degraded: a unit failed, as may well be the point of a test.
    return ['running', 'degraded'].includes(stdout.trim())
  }
  const otherwise = `systemd of ${node.name} did not finish its boot`
  await until(hasBooted, { seconds: bootSeconds, otherwise, everyMs: 300 })
}

/** Waits for a sign of the boot, and says what the console said when the kernel ends before it. */
async function whileOn(
  run: string,
  node: LabNode,
  sign: () => boolean | Promise<boolean>,
): Promise<void> {
  const ask = async () => {
    if (await sign()) return true
    if (isOn(run, node)) return false
    const console = readFileSync(join(run, `${node.name}.kernel.log`), 'utf8')
    throw new Error(`The kernel of ${node.name} ended while booting: ${console.trim().slice(-600)}`)
  }
  await until(ask, { seconds: bootSeconds, otherwise: `${node.name} did not boot`, everyMs: 100 })
}
