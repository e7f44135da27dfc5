import type { FakeKernel } from '../fake-kernel'
import type { ReadPart } from '../fake-kernel/saved-read'

function ipvsParts({
  rules = '',
  thresholds = '',
  denied = '',
}: Record<string, string>): ReadPart[] {
  if (denied !== '') return [['rules', '', denied, 1]]
  return [
    ['rules', rules, '', 0],
    ['thresholds', thresholds, '', 0],
  ]
}

/** The lean read as the prelude's functions print it: parts on both streams. */
export function leanParts(kernel: FakeKernel, as: 'root' | 'user', sudo: boolean): ReadPart[] {
  const all = kernel.sections(as, sudo)
  const lines = (all.modules ?? '').split(/(?<=\n)/)
  const [missing, loaded] = [true, false].map((wanted) =>
    lines.filter((line) => line.startsWith('missing ') === wanted).join(''),
  )
  const rows = all.sysctls ?? ''
  const keys = rows.replace(/:[^:\n]*$/gm, '')
  const values = rows.replace(/^.*:/gm, '')
  const present = all.table !== 'absent\n'
  const plain = (name: string): ReadPart => [name, all[name] ?? '', '', 0]
  return [
    ['files', `${loaded}${all.boot}${values}${all.boot}${present ? all.table : ''}`, '', 0],
    plain('addresses'),
    ...(present && kernel.state.tools.includes('ipvsadm') ? ipvsParts(all) : []),
    ['missing', missing ?? '', '', 0],
    ...['owners', 'tools', 'privilege', 'undo'].map(plain),
    ['keys', keys, '', 0],
  ]
}
