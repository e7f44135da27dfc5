import type { ExecResult } from './shell'

type Exec = (command: string) => Promise<ExecResult>

/** Holds the process group of the loops; /run is empty again after a boot. */
const groupFile = '/run/lab-traffic'

/** More would not help: a single curl does 50 requests a second here, and a few go on while others time out. */
const mostLoops = 5

/**
 * Starts requests from the client, `perSecond` at most, each over a new connection.
 * Each loop is one curl that asks again and again: a process for each request would cost more than the request.
 */
export async function startTrafficOn(exec: Exec, perSecond: number, url: string): Promise<void> {
  await stopTrafficOn(exec)
  const loops = Math.min(mostLoops, Math.max(1, Math.round(perSecond)))
  const perMinute = Math.max(1, Math.round((perSecond * 60) / loops))
  // A fragment is never sent: the range in it only makes curl repeat the request.
  const curl = `curl -s -o /dev/null --connect-timeout 0.5 -m 2 --rate ${perMinute}/m -H 'Connection: close' ${quote(`${url}#[1-999999999]`)}`
  const apart = (1 / perSecond).toFixed(3)
  const script = `echo $$ >${groupFile}; for i in $(seq ${loops}); do ${curl} & sleep ${apart}; done; wait`
  const { exit, stderr } = await exec(
    `setsid -f bash -c ${quote(script)} lab-traffic >/dev/null 2>&1 </dev/null`,
  )
  if (exit !== 0) throw new Error(`Traffic could not be started on the client: ${stderr.trim()}`)
}

/** Ends the requests, if any run. */
export async function stopTrafficOn(exec: Exec): Promise<void> {
  const { exit, stderr } = await exec(
    `group=$(cat ${groupFile} 2>/dev/null) || exit 0; rm ${groupFile}
     if grep -qs lab-traffic /proc/$group/cmdline; then kill -- -$group; fi`,
  )
  if (exit !== 0) throw new Error(`Traffic could not be stopped on the client: ${stderr.trim()}`)
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
