import { setTimeout as pause } from 'node:timers/promises'
import { Unreachable } from '@/lib/errors'
import { parseUndos, type UndoOnHost } from '@/lib/lvs/timed-undo'
import { closeHost } from '@/lib/ssh/client'
import { runBatch } from '@/lib/ssh/run'
import type { SshTarget } from '@/lib/ssh/target'
import { UNDO_FOLDER } from '@/lib/ssh/undo-script'

/** A guest on two busy cores; a login alone takes it a second. */
const TIMEOUT_SECONDS = 30

/** Runs a script on a guest and gives what it printed. Throws where it fails. */
export async function sh(target: SshTarget, script: string): Promise<string> {
  // on standard input: an argument holds no line ends
  const command = { argv: ['sh'], root: true, timeoutSeconds: TIMEOUT_SECONDS, stdin: script }
  const [done] = await runBatch(target, [command])
  if (done?.outcome !== 'ran') throw new Unreachable('closed', { host: target.name })
  if (done.exit !== 0) throw new Error(`${target.name}: ${script}\n${done.exit}: ${done.stderr}`)
  return done.stdout
}

// A device that has just come up still asks whether its IPv6 addresses are its own.
const SNAPSHOT = `
  for i in $(seq 50); do [ -z "$(ip -6 addr show tentative)" ] && break; sleep 0.1; done
  echo "== addresses"; ip -o addr show | sed 's/^[0-9]*: //; s/ *\\\\.*//' | sort
  echo "== links"; for d in /sys/class/net/*; do echo "\${d##*/} $(cat $d/flags)"; done
  echo "== routes"; ip route show table all | sed 's/ *$//' | sort; ip -6 route show table all | sed 's/ *$//' | sort
  echo "== modules"; cut -d' ' -f1 /proc/modules | sort
  echo "== sysctls"; sysctl -a -r '^net\\.ipv4\\.(conf|vs)\\.' 2>/dev/null | sort
  echo "== table"; [ ! -e /proc/net/ip_vs ] || ipvsadm -S -n | sort`

/** What a timed undo has to give back: addresses, devices, routes, modules, kernel parameters and the table. */
export const snapshot = (target: SshTarget): Promise<string> => sh(target, SNAPSHOT)

/** Lines that are in one of two snapshots only, in a few words. */
export function differences(before: string, after: string): string {
  const [was, is] = [before.split('\n'), after.split('\n')]
  const gone = was.filter((each) => !is.includes(each)).map((each) => `- ${each}`)
  const come = is.filter((each) => !was.includes(each)).map((each) => `+ ${each}`)
  return [...gone, ...come].slice(0, 6).join(' | ')
}

/** Loads what iptables(8) would load with the first rule of a cut, or a cut would look like something that was not undone. */
export const PREPARE =
  'iptables -I INPUT -p tcp --dport 9 -j DROP; iptables -D INPUT -p tcp --dport 9 -j DROP'

/**
 * What is somebody else's on the director; its rules must be the same bytes afterwards. The modules of schedulers that the
 * kernel loads with a service stay when it goes: they are loaded before.
 */
export const FOREIGN = `
  modprobe -a ip_vs_wlc ip_vs_sh
  ipvsadm -A -t 10.99.0.1:443 -s wrr -p 120
  ipvsadm -a -t 10.99.0.1:443 -r 10.99.0.2:443 -g -w 3
  ipvsadm -A -f 99 -s rr`

/** The rules of the foreign services as the kernel lists them. */
export const foreign = (target: SshTarget): Promise<string> =>
  sh(target, "ipvsadm -S -n | grep -e '-t 10.99.0.1:443 ' -e '-f 99 '")

/** Ways in which our own path to a host is cut from inside it, and healed. `mgmt` is never taken down: see lab/README.md. */
export const CUTS = {
  'nobody confirms': undefined,
  'management address gone': {
    cut: 'ip address del 10.0.2.100/24 dev mgmt',
    heal: 'ip address add 10.0.2.100/24 dev mgmt',
  },
  'route gone': {
    cut: 'ip route del 10.0.2.0/24 dev mgmt',
    heal: 'ip route add 10.0.2.0/24 dev mgmt proto kernel scope link src 10.0.2.100',
  },
  'SSH dropped': {
    cut: 'iptables -I INPUT -i mgmt -p tcp --dport 22 -j DROP',
    heal: 'iptables -D INPUT -i mgmt -p tcp --dport 22 -j DROP',
  },
} as const
export type Cut = keyof typeof CUTS

/** So long after the deadline a cut is healed: whatever was undone by then was undone without us. */
const HEALED_AFTER = 6

/** Cuts the path so many seconds from now, and heals it after the deadline, by a shell of the guest's own. */
export async function cutPath(
  target: SshTarget,
  cut: Cut,
  { inSeconds, deadline }: { inSeconds: number; deadline: number | string },
): Promise<void> {
  const way = CUTS[cut]
  if (way === undefined) return
  const rest = `$((${deadline} + ${HEALED_AFTER} - $(date +%s)))`
  const script = `sleep ${inSeconds}; ${way.cut}; sleep ${rest}; ${way.heal}`
  await sh(target, `setsid sh -c '${script}' harness </dev/null >/dev/null 2>&1 &`)
}

/** Reads which timed undos a guest has, over a new login. Throws Unreachable while its path is cut. */
async function undosOf(target: SshTarget): Promise<UndoOnHost[]> {
  return parseUndos(await sh(target, `ls ${UNDO_FOLDER} 2>/dev/null; true`))
}

/** Waits until a timed undo has ended on a guest that may not answer meanwhile. Throws where it never does. */
export async function ended(target: SshTarget, applyId: string): Promise<UndoOnHost> {
  for (let round = 0; round < 60; round += 1) {
    try {
      const found = (await undosOf(target)).find((each) => each.applyId === applyId)
      if (found?.endedAt !== undefined) return found
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error
      closeHost(target.hostId)
    }
    await pause(500)
  }
  throw new Error(`${target.name}: nothing was undone`)
}
