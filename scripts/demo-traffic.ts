import type { Lab } from '@/lab/lab'

const VIP = '172.25.254.100'
/** Gentle: a laptop does not notice it, and the distribution has its verdict within 15 s. */
export const REQUESTS_PER_SECOND = 4
/** Enough for a chart that moves; each is one sleeping shell on the client. */
const HELD_CONNECTIONS = 14

/**
 * One connection after the other, each held open for 6 to 25 s before its request: a request alone is over before
 * anybody can count it as active. Nothing piles up when nobody answers: a loop waits for its own connection.
 */
const HOLD = `for i in $(seq ${HELD_CONNECTIONS}); do
  sleep $((RANDOM % 10)); while :; do
    if exec 3<>/dev/tcp/${VIP}/80; then
      sleep $((6 + RANDOM % 20))
      printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3 >/dev/null
      exec 3>&-; sleep $((RANDOM % 8))
    else sleep 1; fi
  done &
done; wait`

/** Starts requests and longer connections from the client's kernel to the VIP; they end with the lab. */
export async function startDemoTraffic(lab: Lab): Promise<void> {
  await lab.startTraffic({ perSecond: REQUESTS_PER_SECOND })
  const script = `cat >/run/demo-hold && setsid -f bash /run/demo-hold >/dev/null 2>&1 </dev/null`
  const { exit, stderr } = await lab.exec('client', script, { input: HOLD })
  if (exit !== 0) throw new Error(`Traffic could not be started on the client: ${stderr.trim()}`)
}
