import type { HostFacts } from './host-facts'
import { linesOf, wordsOf } from './parse-lines'
import { OWNER_NAMES, type Owner } from './running'

// ID=debian
// PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
/** Reads os-release(5), or the one line of /etc/redhat-release on systems without it. */
export function parseDistribution(text: string): HostFacts['distribution'] {
  const lines = linesOf(text)
  const value = (key: string) =>
    lines
      .find((line) => line.startsWith(`${key}=`))
      ?.slice(key.length + 1)
      .replace(/^(["'])(.*)\1$/, '$2')
  const id = value('ID')
  if (id === undefined) return { id: 'unknown', version: '', name: lines[0]?.trim() ?? '' }
  const version = value('VERSION_ID') ?? ''
  return { id, version, name: value('PRETTY_NAME') ?? `${id} ${version}`.trim() }
}

// ipvsadm 1:1.31-1+b1 ii          (dpkg-query)
// ipvsadm 1.31-1.el8              (rpm)
// ipvsadm-1.31-r2                 (apk)
function ipvsadmVersionOf(line: string): string | undefined {
  const [name = '', version, status] = wordsOf(line)
  const [, apk] = /^ipvsadm-(\d\S*)$/.exec(name) ?? []
  if (apk !== undefined) return apk
  const isInstalled = status === undefined || status.startsWith('ii')
  return name === 'ipvsadm' && isInstalled && /^\d/.test(version ?? '') ? version : undefined
}

// ipvsadm=/usr/sbin/ipvsadm
// ip utility, iproute2-6.1.0, libbpf 1.1.2
/** Reads which tools there are, and the versions that package managers and `ip -V` tell. */
export function parseTools(text: string): { tools: string[]; versions: HostFacts['versions'] } {
  const lines = linesOf(text)
  const tools = lines.flatMap((line) => /^([a-z][a-z0-9-]*)=\S/.exec(line)?.[1] ?? [])
  const iproute = lines.map((line) => /^ip utility, iproute2-([^\s,]+)/.exec(line)?.[1])
  const found = {
    ipvsadm: lines.map(ipvsadmVersionOf).find((version) => version !== undefined),
    iproute: iproute.find((version) => version !== undefined),
  }
  const versions = {
    ...(found.ipvsadm !== undefined && { ipvsadm: found.ipvsadm }),
    ...(found.iproute !== undefined && { iproute: found.iproute }),
  }
  return { tools, versions }
}

// loaded ip_vs
// avail ip_vs_rr
// builtin ipip
/** Reads which modules are loaded, on disk or built in, each name once. */
export function parseModuleRows(text: string): HostFacts['modules'] {
  const rows = linesOf(text).map(wordsOf)
  const names = (kind: string) => [
    ...new Set(
      rows.flatMap(([word, name, more]) =>
        word === kind && name !== undefined && more === undefined ? name : [],
      ),
    ),
  ]
  return { loaded: names('loaded'), available: names('avail'), builtin: names('builtin') }
}

//   812 keepalived      /usr/sbin/keepalived --dont-fork
//   913 ldirectord      /usr/bin/perl -w /usr/sbin/ldirectord start
function ownerOf(line: string): Owner | undefined {
  const [pid = '', comm = '', ...args] = wordsOf(line)
  if (pid === 'kube-ipvs0') return { name: 'kube-proxy', evidence: 'kube-ipvs0' }
  if (!/^\d+$/.test(pid)) return undefined
  // An editor that has keepalived.conf open is no owner: only the program itself counts, or the script it runs.
  const program = comm === 'perl' ? args.slice(1) : args.slice(0, 1)
  const names = [comm, ...program.map((word) => word.split('/').at(-1))]
  const name = OWNER_NAMES.find((owner) => names.includes(owner))
  return name === undefined ? undefined : { name, evidence: `pid ${pid}` }
}

/** Reads who else owns IPVS on the host, by its processes and kube-proxy's device. */
export function parseOwnerRows(text: string): Owner[] {
  return linesOf(text)
    .map(ownerOf)
    .filter((owner) => owner !== undefined)
}
