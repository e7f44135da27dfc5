import { describe, expect, it } from 'vitest'
import { Unreadable } from '@/lib/errors'
import { assembleSections, type Part } from './sections'

const BOOT = '6f0f4f2c-8a44-4f8e-9d2f-0b6a5a1f7c11\n'
const KEYS = '/proc/sys/net/ipv4/conf/all/rp_filter\n/proc/sys/net/ipv4/conf/eth0.100/rp_filter\n'

function assemble(changes: Record<string, Partial<Part>> = {}): Record<string, string> {
  const part = (stdout: string): Part => ({
    ...{ stdout, stderr: '', raw: stdout },
    ...{ exit: 0, cut: false },
  })
  const parts = new Map(
    Object.entries({
      files: part(`ipip 16384 0 - Live 0x0\n${BOOT}1\n12\n${BOOT}IP Virtual Server\n`),
      addresses: part('[]\n'),
      rules: part('-A -t 192.0.2.1:80 -s rr\n'),
      thresholds: part('T\n'),
      missing: part('missing ip_vs\n'),
      owners: part(''),
      tools: part('ip\n'),
      privilege: part('root\n'),
      undo: part(''),
      keys: part(KEYS),
    }),
  )
  for (const [name, change] of Object.entries(changes)) {
    const before = parts.get(name)
    if (before !== undefined) parts.set(name, { ...before, ...change })
  }
  return assembleSections(parts, 'server2')
}

describe('assembleSections', () => {
  it('takes apart what one cat printed of many files', () => {
    expect(assemble()).toMatchObject({
      boot: BOOT,
      modules: 'ipip 16384 0 - Live 0x0\nmissing ip_vs\n',
      sysctls:
        '/proc/sys/net/ipv4/conf/all/rp_filter:1\n/proc/sys/net/ipv4/conf/eth0.100/rp_filter:12\n',
      table: 'IP Virtual Server\n',
      rules: '-A -t 192.0.2.1:80 -s rr\n',
      denied: '',
    })
  })

  it('calls a table absent that was not printed', () => {
    expect(assemble({ files: { stdout: `${BOOT}1\n12\n${BOOT}` } }).table).toBe('absent\n')
  })

  it('does not join values with the wrong paths when an interface went away meanwhile', () => {
    const files = { stdout: `${BOOT}1\n${BOOT}` }
    expect(() => assemble({ files })).toThrow(
      expect.objectContaining({ reason: 'unreadable.changed' }),
    )
  })

  it('says why ipvsadm was refused, also when it said nothing', () => {
    expect(assemble({ rules: { exit: 1, stderr: 'sudo: no\n' } })).toMatchObject({
      rules: '',
      thresholds: '',
      denied: 'sudo: no\n',
    })
    expect(assemble({ rules: { exit: 137 } }).denied).toBe('exit 137\n')
  })

  it('does not take half a part for the whole', () => {
    expect(() => assemble({ addresses: { cut: true } })).toThrow(Unreadable)
  })
})
