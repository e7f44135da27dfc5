import type { ExecResult } from './shell'

type Exec = (command: string) => Promise<ExecResult>
const pidFile = '/run/lab-traffic.pid'

/**
 * Starts requests from the client, one after the other and `perSecond` at most, each over a new connection.
 * One curl does them all: a process for each would cost the lab more than the request.
 */
export async function startTrafficOn(exec: Exec, perSecond: number, url: string): Promise<void> {
  await stopTrafficOn(exec)
  const perMinute = Math.max(1, Math.round(perSecond * 60))
  const curl = [
    'curl --silent --output /dev/null --max-time 2',
    `--rate ${perMinute}/m --header 'Connection: close'`,
    // A fragment is never sent: it only makes curl ask again and again.
    quote(`${url}#[1-999999999]`),
  ].join(' ')
  const { exit, stderr } = await exec(
    `setsid -f sh -c ${quote(`echo $$ >${pidFile}; exec ${curl}`)} >/dev/null 2>&1 </dev/null`,
  )
  if (exit !== 0) throw new Error(`Traffic could not be started on the client: ${stderr.trim()}`)
}

/** Ends the requests, if any run. */
export async function stopTrafficOn(exec: Exec): Promise<void> {
  const { exit, stderr } = await exec(
    `p=$(cat ${pidFile} 2>/dev/null) || exit 0; rm ${pidFile}
     if grep -qsx curl /proc/$p/comm; then kill $p; fi`,
  )
  if (exit !== 0) throw new Error(`Traffic could not be stopped on the client: ${stderr.trim()}`)
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
