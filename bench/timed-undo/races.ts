import { parseAddress } from '@/lib/lvs/address'
import type { HostUndo } from '@/lib/lvs/timed-undo'
import { quote } from '@/lib/ssh/quote'
import type { SshTarget } from '@/lib/ssh/target'
import {
  armCommand,
  clearUndoCommand,
  confirmCommand,
  NOT_ARMED,
  undoScript,
} from '@/lib/ssh/undo-script'
import { sh } from './guest'

/** An address that the change has made and the timer takes away: there = confirmed, not there = undone. */
const VIP = `${parseAddress('172.25.254.201')}/32`

const undoOf = ({ name }: SshTarget): HostUndo => ({
  ...{ hostId: name, hostName: name, delaySeconds: 0, devices: [] },
  guards: [['u_address_del', VIP, 'lo']],
})

const SECONDS = 2

// Prints the exit of the confirmation, what is in /run/tunboard two seconds later, and how many times the address is there.
const raceScript = (target: SshTarget, id: string, offsetMs: number): string => {
  const undo = undoOf(target)
  const wait = ((SECONDS * 1000 + offsetMs) / 1000).toFixed(3)
  return `
    ip address add ${VIP} dev lo
    ${quote(armCommand(id, SECONDS, 'token', undo))} >/dev/null <<'@END@'
${undoScript(undo)}@END@
    sleep ${wait}
    ${quote(confirmCommand(id))}; echo "exit $?"
    for i in 1 2 3 4 5 6; do ls /run/tunboard 2>/dev/null | grep -q -e armed -e undoing || break; sleep 0.5; done
    echo "folders" $(ls /run/tunboard 2>/dev/null)
    echo "address" $(ip -o address show dev lo | grep -c -F ${VIP})
    ${quote(clearUndoCommand(id))}; ip address del ${VIP} dev lo 2>/dev/null; true`
}

/** Who won a race, and what was wrong about it. */
export type Race = { host: string; offsetMs: number; winner: string; problem?: string }

/** Confirms at the moment at which the timer fires: exactly one of them must win, and the host be as the winner says. */
export async function race(target: SshTarget, id: string, offsetMs: number): Promise<Race> {
  const about = { host: target.name, offsetMs }
  const text = await sh(target, raceScript(target, id, offsetMs))
  const confirmed = /^exit 0\nfolders\naddress 1\n$/.test(text)
  const undone = new RegExp(`^exit ${NOT_ARMED}\nfolders undone\\.${id}\\.\\S+\naddress 0\n$`).test(
    text,
  )
  if (confirmed) return { ...about, winner: 'confirmation' }
  if (undone) return { ...about, winner: 'timer' }
  return { ...about, winner: 'nobody', problem: text.trim().replaceAll('\n', ', ') }
}
