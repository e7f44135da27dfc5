import { setTimeout as wait } from 'node:timers/promises'
import { whyNoLab } from '@/lab/lab'
import { REQUESTS_PER_SECOND, startDemoTraffic } from './demo-traffic'
import { createDemo, type Demo } from './start-demo'

// `npm run demo`: real kernels, a cluster ready to apply, and real packets as soon as it is applied.

const say = (sentence: string) => process.stdout.write(`${sentence}\n`)

/** Waits for the first apply that was verified, then sends requests from the client's kernel to the VIP. */
async function sendTrafficAfterFirstApply({ lab, clusterId }: Demo): Promise<void> {
  const { listApplies } = await import('@/lib/db/applies')
  while ((await listApplies({ clusterId, state: 'verified', limit: 1 })).length === 0)
    await wait(500)
  await startDemoTraffic(lab)
  say(`The client sends ${REQUESTS_PER_SECOND} requests per second to 172.25.254.100 now.`)
}

const guide = ({ url, email, password }: Demo, seconds: number) => `
Tunboard is at ${url}  (ready after ${seconds.toFixed(0)} s)

  Log in      ${email}
  Password    ${password}      (made for this demo alone)

  1. Open the cluster "www" and its Plan: every command, on every host, and why. Nothing has happened yet.
  2. Click Apply, and watch each step on three real kernels; then traffic starts by itself.
  3. Open Live: the counts alternate between server2 and server3.
  4. Add server4 as a real server, or drain server3, and watch where the connections go.

Ctrl-C ends the demo and everything it started.`

async function main(): Promise<void> {
  const begin = Date.now()
  const reason = await whyNoLab()
  if (reason !== undefined) {
    process.stderr.write(
      `The demo needs kernels of its own, and cannot have them here: ${reason}\n`,
    )
    process.exit(1)
  }
  const demo = createDemo({ port: Number(process.env.PORT || 3000), say })
  const stop = async (exit: number) => {
    await demo.stop()
    process.exit(exit)
  }
  let asked = false
  // A terminal sends Ctrl-C to us and to demo.mjs, which hands it on: it comes twice.
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => {
      if (!asked) say('\nStopping the demo…')
      asked = true
      void stop(0)
    })
  try {
    const running = await demo.start()
    say(guide(running, (Date.now() - begin) / 1000))
    void running.ended.then(() => {
      if (asked) return
      process.stderr.write('Tunboard ended: see the lines above.\n')
      void stop(1)
    })
    await sendTrafficAfterFirstApply(running)
  } catch (error) {
    if (asked) return
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    await stop(1)
  }
}

void main()
