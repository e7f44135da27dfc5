import { parseAddresses } from './parse-addresses'
import { parseIpvs } from './parse-ipvs'
import { linesOf, unreadableCut, unreadableLine, wordsOf } from './parse-lines'
import { parseModules } from './parse-modules'
import { parseSysctls } from './parse-sysctls'
import { parseProcTable } from './parse-table'
import { reason } from './reason'
import { OWNER_NAMES, type Owner, type Running, TOOLS } from './running'
import { parseUndos } from './timed-undo'

/** The parts of one lean read, in the order in which the host prints them. */
export const RUNNING_SECTIONS = [
  'boot',
  'modules',
  'addresses',
  'sysctls',
  'table',
  'rules',
  'thresholds',
  'denied',
  'owners',
  'tools',
  'privilege',
  'undo',
] as const
export type RunningSection = (typeof RUNNING_SECTIONS)[number]

const BOOT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

// 6f0f4f2c-8a44-4f8e-9d2f-0b6a5a1f7c11
/** Reads /proc/sys/kernel/random/boot_id. Throws Unreadable (what `boot`). */
export function parseBootId(text: string): string {
  const line = linesOf(text)[0]?.trim() ?? ''
  if (!BOOT_ID.test(line)) throw unreadableLine('boot', line)
  return line
}

// keepalived 1234      kube-proxy kube-ipvs0
function parseOwners(text: string): Owner[] {
  return linesOf(text).map((line) => {
    const [name, ...evidence] = wordsOf(line)
    const known = OWNER_NAMES.find((owner) => owner === name)
    if (known === undefined) throw unreadableLine('owners', line)
    return { name: known, evidence: evidence.join(' ') }
  })
}

function parsePrivilege(text: string): Running['privilege'] {
  const [line = ''] = linesOf(text)
  const found = (['root', 'sudo', 'none'] as const).find((word) => word === line.trim())
  if (found === undefined) throw unreadableLine('privilege', line)
  return found
}

type Sections = Readonly<Record<string, string>>

function sectionOf(sections: Sections, name: RunningSection): string {
  const text = sections[name]
  if (text === undefined) throw unreadableCut(name)
  return text
}

function parseIpvsState(sections: Sections, tools: readonly string[]): Running['ipvs'] {
  const table = sectionOf(sections, 'table')
  if (linesOf(table)[0]?.trim() === 'absent') return { state: 'absent' }
  const refusal = linesOf(sectionOf(sections, 'denied')).join('\n')
  if (refusal !== '')
    return { state: 'denied', why: reason('ipvs.denied', { text: refusal.slice(0, 400) }) }
  // Without ipvsadm the table can be counted, but what its entries are configured to do cannot be known.
  if (!tools.includes('ipvsadm') && parseProcTable(table).services.length > 0)
    return { state: 'denied', why: reason('ipvs.no-ipvsadm') }
  const rules = sectionOf(sections, 'rules')
  return {
    state: 'present',
    ...parseIpvs({ table, rules, thresholds: sectionOf(sections, 'thresholds') }),
  }
}

/**
 * Reads the sections of one lean read of a host into what its kernel says now.
 * Throws Unreadable (values `what`, `line`): `unreadable.line` for nonsense, `unreadable.cut` for a missing part,
 * `unreadable.changed` when the IPVS table changed while it was read; the caller adds `host`.
 */
export function parseRunning(sections: Sections): Running {
  const modules = parseModules(sectionOf(sections, 'modules'))
  const names = linesOf(sectionOf(sections, 'tools')).map((line) => line.trim())
  const tools = TOOLS.filter((tool) => names.includes(tool))
  const undos = parseUndos(sections.undo ?? '')
  return {
    bootId: parseBootId(sectionOf(sections, 'boot')),
    modules: modules.loaded,
    missingModules: modules.missing,
    devices: parseAddresses(sectionOf(sections, 'addresses')),
    sysctls: parseSysctls(sectionOf(sections, 'sysctls')),
    ipvs: parseIpvsState(sections, tools),
    owners: parseOwners(sectionOf(sections, 'owners')),
    tools,
    privilege: parsePrivilege(sectionOf(sections, 'privilege')),
    ...(undos.length > 0 && { undos }),
  }
}
