import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Page, test } from '@playwright/test'
import { type Lab, type NodeName, type StartOptions, startLab } from '@/lab/lab'
import { addHost } from './steps'

export const VIP = '172.25.254.100'

/** Boots a lab for the tests of a file, on free ports; its logs are attached where a test fails. */
export function withLab(nodes?: readonly NodeName[], options: StartOptions = {}): () => Lab {
  let lab: Lab | undefined
  test.beforeAll(async () => {
    lab = await startLab({ ...options, ...(nodes !== undefined && { nodes }) })
  })
  // biome-ignore lint/correctness/noEmptyPattern: the second argument is wanted
  test.afterEach(async ({}, info) => {
    if (lab === undefined || info.status === info.expectedStatus) return
    const { run } = lab
    const files = readdirSync(run).filter((name) => name.endsWith('.log'))
    const body = files
      .map((name) => `== ${name}\n${readFileSync(join(run, name), 'utf8')}`)
      .join('\n')
    await info.attach('lab.log', { body, contentType: 'text/plain' })
  })
  test.afterAll(async () => {
    await lab?.stop()
    lab = undefined
  })
  return () => {
    if (lab === undefined) throw new Error('the lab is booted before the first test, not earlier')
    return lab
  }
}

/** Runs a command on a node and gives what it printed. Throws where it fails. */
export async function sh(lab: Lab, node: NodeName, command: string): Promise<string> {
  const { exit, stdout, stderr } = await lab.exec(node, command)
  if (exit !== 0) throw new Error(`${node}: ${command}\nended with ${exit}: ${stderr}`)
  return stdout
}

export type LoginAs = { user?: string; become?: 'root' | 'sudo' }

/**
 * Adds nodes by clicking: the form, the approval of the key against what the node itself says, and the first read. Each
 * in a tab of its own: a probe takes 7 s there.
 */
export async function addNodes(
  page: Page,
  lab: Lab,
  names: readonly NodeName[],
  as: LoginAs = {},
): Promise<void> {
  const privateKey = readFileSync(lab.keyFile, 'utf8')
  const adding = names.map(async (name) => {
    const tab = await page.context().newPage()
    const port = lab.nodes[name]?.port ?? 0
    await addHost(tab, { name, port, privateKey, ...as }, await lab.fingerprint(name))
    await tab.close()
  })
  await Promise.all(adding)
}

/** Sends requests from the client's kernel one after the other, and gives the host name that each answer says. */
export async function request(lab: Lab, count: number, vip = VIP): Promise<string[]> {
  const each = `curl -s -m 3 http://${vip}/ || echo lost`
  const text = await sh(lab, 'client', `for i in $(seq ${count}); do ${each}; done`)
  return text
    .trim()
    .split('\n')
    .map((line) => line.replace('.example.com', ''))
}

/** What a director's kernel balances, without counters. Where ip_vs is absent, ipvsadm(8) would load it. */
export const rules = (lab: Lab, director: NodeName = 'director'): Promise<string> =>
  sh(lab, director, '[ ! -e /proc/net/ip_vs ] || ipvsadm -Sn')

// A node that has just booted still asks whether its IPv6 addresses are its own, and has routes for them only afterwards.
const CAPTURE = `
  for i in $(seq 100); do [ -z "$(ip -6 addr show tentative)" ] && break; sleep 0.1; done
  echo "== addresses"; ip addr show | sed 's/valid_lft.*//; s/ qlen.*//'
  echo "== tunnels"; ip tunnel show 2>/dev/null | grep -v '^tunl0' ; ls /sys/class/net
  echo "== modules"; cut -d' ' -f1 /proc/modules | sort
  echo "== routes"; ip route show table all | sort
  echo "== sysctls"; sysctl -a 2>/dev/null | grep '^net\\.' | grep -v 'netfilter.nf_conntrack_count' | sort
  echo "== files"; find /etc /run /root /home /usr/local /var/lib /var/spool -xdev -type f \\
    ! -path '/run/utmp' ! -path '*/.ssh/*' ! -path '/run/sudo/*' | sort | xargs -d '\\n' sha256sum`

/**
 * Captures what Tunboard may have touched on a node: addresses, tunnel devices, modules, routes, kernel parameters and
 * files by their checksum. ip(8) is not asked for tunl0 by name, which would load its module.
 */
export const capture = async (lab: Lab, node: NodeName) =>
  (await sh(lab, node, CAPTURE)).split('\n')
