import { randomBytes } from 'node:crypto'

export type LiveOptions = {
  /** Between two ticks; the live loop never asks for less than 2000 (its cost on the director grows with it). */
  intervalMs: number
  /** Totals are read with every n-th tick, the first included. */
  totalsEvery: number
  /** `sudo -n` for ipvsadm; the table itself needs no privilege. */
  sudo: boolean
}

/**
 * The loop on the director. It counts with one fork per tick (cat) besides sleep, names no module and runs ipvsadm only
 * while ip_vs is there. It ends by itself when nobody reads any more (SIGPIPE). All of it is one function called at the
 * end, so that a script whose end is missing runs nothing.
 */
const LOOP = `main() {
LC_ALL=C; LANG=C; export LC_ALL LANG; unset LANGUAGE
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH
N=$1 pause=$2 every=$3 as=$4 k=0 S=
while read -r key real user rest; do case $key in Uid:) break;; esac; done </proc/self/status
if [ "$as" = sudo ] && [ "$user" != 0 ]; then S='sudo -n'; fi
read -r boot </proc/sys/kernel/random/boot_id
printf '\\n@@%s start %s\\n' "$N" "$boot"
while :; do
  read -r up rest </proc/uptime
  printf '\\n@@%s tick %s %s\\n' "$N" "$k" "$up"
  if [ -e /proc/net/ip_vs ]; then cat /proc/net/ip_vs; else echo absent; fi
  if [ $((k % every)) = 0 ] && [ -e /proc/net/ip_vs ]; then
    printf '\\n@@%s totals %s %s\\n' "$N" "$k" "$up"
    $S ipvsadm -L -n --stats --exact 2>&1
    printf '\\n@@%s exit %s %s\\n' "$N" "$k" "$?"
  fi
  printf '\\n@@%s end %s\\n' "$N" "$k"
  k=$((k + 1))
  sleep "$pause"
done
}
`

/**
 * Writes the live loop's script; its first line tells its settings: `# tunboard live INTERVAL_MS TOTALS_EVERY NONCE`.
 * Only numbers and a nonce of our own are filled in. The frames are read by `createLiveReader`.
 */
export function liveScript(options: LiveOptions): { script: string; nonce: string } {
  const nonce = randomBytes(16).toString('hex')
  const intervalMs = Math.max(1, Math.round(options.intervalMs))
  const every = Math.max(1, Math.round(options.totalsEvery))
  const head = `# tunboard live ${intervalMs} ${every} ${nonce}\n`
  const as = options.sudo ? 'sudo' : 'plain'
  const call = `main ${nonce} ${intervalMs / 1000} ${every} ${as} </dev/null\n`
  return { script: head + LOOP + call, nonce }
}
