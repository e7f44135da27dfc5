import { serviceKeyOf } from './ipvsadm-key'
import { checkOptions, parseArguments } from './ipvsadm-parse'
import { listDaemons, listing, rules, serviceListing } from './ipvsadm-render'
import { destinationOf, serverOf, serviceOf, timeoutsOf } from './ipvsadm-values'
import { Refused, type Request, TRY_HELP } from './ipvsadm-words'
import { isPresent, loadModule } from './modules'
import {
  type Context,
  done,
  type FakeIpvs,
  type FakeService,
  type FakeServiceKey,
  type KernelState,
  type Output,
} from './state'

const VERSION = 'ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n'
const HINT = 'Are you sure that IP Virtual Server is built in the kernel or as module?'
const INVALID = 'Invalid operation.  Possibly wrong module version, address not unicast, ...'

const noCounters = () => ({ connections: 0, packets: 0, bytes: 0 })

/** A refusal by the kernel: exit 255, and `-R` goes on with the next line. */
const kernelSays = (line: string) => new Refused(255, line, false)

export function findService(ipvs: FakeIpvs, key: FakeServiceKey): FakeService | undefined {
  return ipvs.services.find(
    (service) =>
      service.fwmark === key.fwmark &&
      service.family === key.family &&
      (key.fwmark !== 0 ||
        (service.protocol === key.protocol &&
          service.address === key.address &&
          service.port === key.port)),
  )
}

function requireScheduler(state: KernelState, scheduler: string, engine: string): void {
  const module = `ip_vs_${scheduler}`
  const known = scheduler === 'none' || isPresent(state, module) || loadModule(state, module)
  if (!known || (engine !== '' && !loadModule(state, `ip_vs_pe_${engine}`))) {
    throw kernelSays('Scheduler or persistence engine not found')
  }
}

type Wanted = { state: KernelState; ipvs: FakeIpvs; request: Request; key: FakeServiceKey }

function addService({ state, ipvs, request, key }: Wanted): void {
  const wanted = serviceOf(request, key)
  if (findService(ipvs, key) !== undefined) throw kernelSays('Service already exists')
  requireScheduler(state, wanted.scheduler, wanted.engine)
  const fresh = { counters: noCounters(), destinations: [], templates: {} }
  ipvs.services.push({ ...wanted, ...fresh, walk: { last: -1, weight: 0 } })
}

function editService({ state, ipvs, request, key }: Wanted): void {
  const wanted = serviceOf(request, key)
  const found = findService(ipvs, key)
  if (found === undefined) throw kernelSays('No such service')
  requireScheduler(state, wanted.scheduler, wanted.engine)
  if (found.scheduler !== wanted.scheduler) found.walk = { last: -1, weight: 0 }
  // nothing is merged: what was not given is gone
  delete found.timeout
  Object.assign(found, wanted)
}

function deleteService({ ipvs, key }: Wanted): void {
  const found = findService(ipvs, key)
  if (found === undefined) throw kernelSays('No such service')
  ipvs.services = ipvs.services.filter((service) => service !== found)
}

function sameDestination(
  a: { address: string; port: number },
  b: { address: string; port: number },
): boolean {
  return a.address === b.address && a.port === b.port
}

/** IPVS takes unicast addresses only. */
function isUnicast(address: string): boolean {
  const first = Number.parseInt(address, 10)
  return address.includes(':') ? !address.startsWith('ff') : first > 0 && first < 224
}

function addServer(service: FakeService, wanted: ReturnType<typeof destinationOf>): void {
  if (service.destinations.some((each) => sameDestination(each, wanted))) {
    throw kernelSays('Destination already exists')
  }
  if (!isUnicast(wanted.address)) throw kernelSays(INVALID)
  const fresh = { active: 0, inactive: 0, persistent: 0, counters: noCounters() }
  service.destinations.unshift({ ...wanted, ...fresh })
  if (service.walk.last >= 0) service.walk.last += 1
}

function changeServer({ ipvs, request, key }: Wanted): void {
  const wanted = destinationOf(request, key)
  const service = findService(ipvs, key)
  if (service === undefined) throw kernelSays('Service not defined')
  if (wanted.lower > wanted.upper) throw kernelSays('Numerical result out of range')
  if (request.command === 'add-server') addServer(service, wanted)
  else {
    const found = service.destinations.find((each) => sameDestination(each, wanted))
    if (found === undefined) throw kernelSays('No such destination')
    Object.assign(found, wanted)
  }
  // ip_vs_wrr_dest_changed: the walk starts again at the head
  if (service.scheduler === 'wrr') service.walk = { last: -1, weight: 0 }
}

function deleteServer({ ipvs, request, key }: Wanted): void {
  const service = findService(ipvs, key)
  // -d takes the port as given, with whatever forwarding method
  const host = serverOf(request.options.get('r') ?? '')
  const wanted = { address: host.address, port: host.port ?? key.port }
  if (service === undefined) throw kernelSays('Service not defined')
  const found = service.destinations.findIndex((each) => sameDestination(each, wanted))
  if (found < 0) throw kernelSays('No such destination')
  service.destinations.splice(found, 1)
  if (service.walk.last >= found) service.walk.last -= 1
  if (service.scheduler === 'wrr') service.walk = { last: -1, weight: 0 }
}

function zero(ipvs: FakeIpvs, key: FakeServiceKey | undefined): void {
  const only = key === undefined ? undefined : findService(ipvs, key)
  if (key !== undefined && only === undefined) throw kernelSays('No such service')
  for (const service of only === undefined ? ipvs.services : [only]) {
    service.counters = noCounters()
    for (const destination of service.destinations) destination.counters = noCounters()
  }
  if (key === undefined) ipvs.totals = noCounters()
}

function changeDaemon({ state, ipvs, request }: Omit<Wanted, 'key'>): void {
  const role = request.options.get('state') === 'backup' ? 'backup' : 'master'
  const running = ipvs.daemons.some((daemon) => daemon.state === role)
  if (request.command === 'stop-daemon') {
    if (!running) throw kernelSays('No daemon is running')
    ipvs.daemons = ipvs.daemons.filter((daemon) => daemon.state !== role)
    return
  }
  if (running) throw kernelSays('Daemon has already run')
  const device = request.options.get('mcast-interface') ?? 'eth0'
  if (!state.devices.some((each) => each.name === device)) throw kernelSays('No such device')
  // mixed address families cannot be synchronised
  const mixed = (service: FakeService) =>
    service.destinations.some((each) => each.family !== service.family)
  if (ipvs.services.some(mixed)) throw kernelSays(INVALID)
  ipvs.daemons.push({ state: role, device, syncid: Number(request.options.get('syncid') ?? 0) })
}

function list(ipvs: FakeIpvs, request: Request): string {
  const { options } = request
  const key = serviceKeyOf(request)
  if (options.has('timeout')) return `Timeout (tcp tcpfin udp): ${ipvs.timeouts.join(' ')}\n`
  if (options.has('daemon')) return listDaemons(ipvs)
  if (key === undefined) return listing(ipvs, options)
  const found = findService(ipvs, key)
  if (found === undefined) throw new Refused(1, 'No such service')
  return serviceListing(found, options)
}

const WITH_SERVICE: Record<string, (wanted: Wanted) => void> = {
  'add-service': addService,
  'edit-service': editService,
  'delete-service': deleteService,
  'add-server': changeServer,
  'edit-server': changeServer,
  'delete-server': deleteServer,
}

/** Carries out one command line; throws Refused. */
function carryOut(state: KernelState, ipvs: FakeIpvs, request: Request): string {
  if (request.command === 'version' || request.command === 'help') return VERSION
  const key = serviceKeyOf(request)
  checkOptions(request)
  const change = WITH_SERVICE[request.command]
  if (change !== undefined && key !== undefined) {
    change({ state, ipvs, request, key })
    return ''
  }
  if (request.command === 'list') return list(ipvs, request)
  if (request.command === 'save') return rules(ipvs)
  if (request.command === 'flush') ipvs.services = []
  if (request.command === 'zero') zero(ipvs, key)
  if (request.command.endsWith('-daemon')) changeDaemon({ state, ipvs, request })
  if (request.command === 'set') {
    const wanted = timeoutsOf(request)
    const kept = (at: 0 | 1 | 2) => (wanted[at] === 0 ? ipvs.timeouts[at] : wanted[at])
    ipvs.timeouts = [kept(0), kept(1), kept(2)]
  }
  return ''
}

/** Runs `work`; a refusal becomes its output. */
function attempt(work: () => string): Output & { fatal: boolean } {
  try {
    return { ...done(work()), fatal: false }
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem
    const { exit, fatal, message } = problem
    return { exit, stdout: '', stderr: `${message}\n`, fatal }
  }
}

function restoreLine(state: KernelState, ipvs: FakeIpvs, words: string[]): string {
  const request = parseArguments(words)
  // a nested -R would never end
  if (request.command === 'restore') throw new Refused(255, TRY_HELP)
  return carryOut(state, ipvs, request)
}

/** `-R`: one line after the other; the exit status is that of the last line only. */
function restore(state: KernelState, ipvs: FakeIpvs, text: string): Output {
  const output = done()
  for (const line of text.split('\n')) {
    const words = line.split(/\s+/).filter((word) => word !== '')
    if (words[0] === 'ipvsadm') words.shift()
    if (words.length === 0) continue
    const result = attempt(() => restoreLine(state, ipvs, words))
    output.stdout += result.stdout
    output.stderr += result.stderr
    output.exit = result.exit
    if (result.fatal) break
  }
  return output
}

/** ipvsadm(8) 1.31. As root every call, even --version, loads ip_vs first; without root none works. */
export function ipvsadm({ state, root, stdin }: Context, argv: readonly string[]): Output {
  if (!root) {
    const stderr = `Can't initialize ipvs: Permission denied (you must be root)\n${HINT}\n`
    return { exit: 2, stdout: '', stderr }
  }
  loadModule(state, 'ip_vs')
  const { ipvs } = state
  if (ipvs === undefined) {
    return {
      exit: 2,
      stdout: '',
      stderr: `Can't initialize ipvs: Protocol not available\n${HINT}\n`,
    }
  }
  let restored: Output | undefined
  const { exit, stdout, stderr } = attempt(() => {
    const request = parseArguments(argv.length === 1 ? ['-L', '-n'] : argv.slice(1))
    if (request.command !== 'restore') return carryOut(state, ipvs, request)
    checkOptions(request)
    restored = restore(state, ipvs, stdin)
    return ''
  })
  return restored ?? { exit, stdout, stderr }
}
