import { createServer, type IncomingMessage } from 'node:http'
import { fileURLToPath } from 'node:url'
import { type FakeHost, startFakeHost } from './fake-host'
import type { FakeUser } from './fake-host/auth'
import type { Misbehaviour } from './fake-host/misbehaviour'
import { createFakeKernel } from './fake-kernel'
import type { FakeKernelOptions } from './fake-kernel/boot'
import type { FakeConnection } from './fake-kernel/schedule'

/** What the process is started with, as JSON in its one argument. */
export type FakeHostsConfig = {
  users: FakeUser[]
  hosts: { kernel: FakeKernelOptions; hostKey?: string; port?: number }[]
}

/** What it prints on its first line, and where it is steered from then on. */
export type FakeHostsReady = {
  control: string
  hosts: { name: string; port: number; fingerprint: string }[]
}

/** One request to `POST control`, as JSON; the answer is JSON too. */
export type Steer =
  | { host: string; do: 'exec'; argv: string[]; stdin?: string }
  | { host: string; do: 'misbehave'; as?: Misbehaviour }
  /** Opens connections through the director; they are closed at once unless they are held. */
  | {
      host: string
      do: 'traffic'
      service: string[]
      client: string
      count: number
      hold?: boolean
    }
  /** Ends what was held. */
  | { host: string; do: 'release' }
  | { host: string; do: 'answers'; endpoints: string[] }
  | { host: string; do: 'reboot' }
  | { host: string; do: 'received' }
  | { host: string; do: 'snapshot' }

type Named = { host: FakeHost; held: FakeConnection[] }

function traffic({ host, held }: Named, order: Steer & { do: 'traffic' }): unknown {
  const chosen: (string | undefined)[] = []
  for (let each = 0; each < order.count; each++) {
    const connection = host.kernel.openConnection(order.service, order.client)
    chosen.push(connection?.realServer)
    if (connection === undefined) continue
    if (order.hold === true) held.push(connection)
    else connection.close()
  }
  return chosen
}

async function obey(named: Named, order: Steer): Promise<unknown> {
  const { host, held } = named
  switch (order.do) {
    case 'exec':
      return host.kernel.exec(order.argv, order.stdin)
    case 'misbehave':
      await host.setMisbehaviour(order.as)
      return {}
    case 'traffic':
      return traffic(named, order)
    case 'release':
      for (const connection of held.splice(0)) connection.close()
      return {}
    case 'answers':
      host.kernel.state.answers = order.endpoints
      return {}
    case 'reboot':
      host.kernel.reboot()
      host.drop()
      return {}
    case 'received':
      return host.received
    case 'snapshot':
      return host.kernel.snapshot()
    default:
      return order satisfies never
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** Starts fake hosts and a loopback HTTP port that steers them. */
export async function startFakeHosts(
  config: FakeHostsConfig,
): Promise<FakeHostsReady & { close(): Promise<void> }> {
  const named = new Map<string, Named>()
  for (const { kernel, ...rest } of config.hosts) {
    const host = await startFakeHost({
      kernel: createFakeKernel(kernel),
      users: config.users,
      ...rest,
    })
    named.set(host.kernel.state.hostName, { host, held: [] })
  }
  const control = createServer(async (request, response) => {
    try {
      const order = JSON.parse(await bodyOf(request)) as Steer
      const found = named.get(order.host)
      response.statusCode = found === undefined ? 404 : 200
      response.end(JSON.stringify(found === undefined ? {} : await obey(found, order)))
    } catch (error) {
      response.statusCode = 400
      response.end(JSON.stringify({ error: String(error) }))
    }
  })
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve))
  const address = control.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    control: `http://127.0.0.1:${port}`,
    hosts: [...named].map(([name, { host }]) => ({
      name,
      port: host.port,
      fingerprint: host.fingerprint,
    })),
    async close() {
      await new Promise((resolve) => control.close(resolve))
      await Promise.all([...named.values()].map(({ host }) => host.close()))
    },
  }
}

/** Steers a host of a running process; throws what went wrong there. */
export async function steer<T = unknown>(control: string, order: Steer): Promise<T> {
  const response = await fetch(control, { method: 'POST', body: JSON.stringify(order) })
  const answer = (await response.json()) as T
  if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(answer)}`)
  return answer
}

// tsx lib/testing/fake-host-process.ts '{"users":[…],"hosts":[…]}'; it lives as long as its standard input is open
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { close, ...ready } = await startFakeHosts(JSON.parse(process.argv[2] ?? ''))
  process.stdout.write(`${JSON.stringify(ready)}\n`)
  process.stdin.resume().on('end', () => close().then(() => process.exit(0)))
}
