import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeRules, type RuleItem, readRules } from './rules-file'
import type { ServiceKey } from './service'

const WWW: ServiceKey = { kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port: 80 }
const MAIL: ServiceKey = { ...WWW, port: 25 }
const service = (key = WWW): RuleItem => ({ kind: 'service', service: key })
const entry = (lan: number, key = WWW): RuleItem => ({
  kind: 'entry',
  service: key,
  realServer: { rip: `172.25.254.${lan}`, port: key.kind === 'address' ? key.port : 0 },
})
const put = (item: RuleItem, value: string) => ({ item, value })
const SAVED = `# ipvsadm.rules
-A -t 172.25.254.100:80 -s rr
-a -t 172.25.254.100:80 -r 172.25.254.2:80 -i -w 1 --tun-type ipip

# the mail team's
-A -t 172.25.254.100:25 -s wlc -p 300
-a -t 172.25.254.100:25 -r 172.25.254.9:25 -g -w 3
`

describe('merging rules into a file', () => {
  test('a service of ours goes to the end, with its entries, and the rest stays as it is', () => {
    const text = mergeRules(SAVED, {
      put: [
        put(service({ ...WWW, port: 443 }), '-s rr'),
        put(entry(2, { ...WWW, port: 443 }), '-i -w 1'),
      ],
      drop: [],
    })
    expect(text).toBe(
      `${SAVED}-A -t 172.25.254.100:443 -s rr\n-a -t 172.25.254.100:443 -r 172.25.254.2:443 -i -w 1\n`,
    )
  })

  test('a line that says the same already stays as it is written', () => {
    const rules = [put(service(), '-s rr'), put(entry(2), '-i -w 1')]
    expect(mergeRules(SAVED, { put: rules, drop: [] })).toBe(SAVED)
  })

  test('what changed is replaced in its place, thresholds included, and a new entry follows its service', () => {
    const rules = [
      put(service(), '-s wrr'),
      put(entry(2), '-i -w 3 -x 200 -y 150'),
      put(entry(3), '-i -w 1'),
    ]
    expect(mergeRules(SAVED, { put: rules, drop: [] }).split('\n').slice(1, 4)).toEqual([
      '-A -t 172.25.254.100:80 -s wrr',
      '-a -t 172.25.254.100:80 -r 172.25.254.2:80 -i -w 3 -x 200 -y 150',
      '-a -t 172.25.254.100:80 -r 172.25.254.3:80 -i -w 1',
    ])
  })

  test('what is dropped goes, a service with its entries, and nothing of others', () => {
    const text = mergeRules(SAVED, { put: [], drop: [service()] })
    expect(text).toBe(
      SAVED.split('\n')
        .filter((line) => !line.includes(':80'))
        .join('\n'),
    )
    expect(mergeRules(SAVED, { put: [], drop: [entry(9, MAIL)] })).not.toContain('172.25.254.9')
  })

  test('timeouts are a line of their own, replaced where there is one', () => {
    const timeouts = { tcp: 800, tcpfin: 100, udp: 200 }
    const once = mergeRules(SAVED, { put: [], drop: [], timeouts })
    expect(once).toBe(`${SAVED}--set 800 100 200\n`)
    const twice = mergeRules(once, { put: [], drop: [], timeouts: { ...timeouts, tcp: 700 } })
    expect(twice).toBe(`${SAVED}--set 700 100 200\n`)
    expect(readRules(twice).timeouts).toEqual({ tcp: 700, tcpfin: 100, udp: 200 })
  })

  test('ours stand before a line at which the restore ends', () => {
    const text = `${SAVED}what is this\n-A -t 10.0.0.1:1 -s rr\n`
    const merged = mergeRules(text, {
      put: [put(service({ ...WWW, port: 8080 }), '-s rr')],
      drop: [],
    })
    expect(merged.indexOf(':8080')).toBeLessThan(merged.indexOf('what is this'))
    expect(readRules(merged).stopsAt).toEqual({ line: 9, text: 'what is this' })
    expect(readRules(merged).rules.map(({ item }) => item)).not.toContainEqual(
      service({ ...WWW, vip: '10.0.0.1', port: 1 }),
    )
  })

  test('an absent or empty file gets only what is put', () => {
    const rules = [put(service(), '-s rr')]
    for (const text of [undefined, ''])
      expect(mergeRules(text, { put: rules, drop: [] })).toBe('-A -t 172.25.254.100:80 -s rr\n')
    expect(mergeRules(undefined, { put: [], drop: [] })).toBe('')
  })

  test('a comment that is indented ends the restore: loaders drop only lines that begin with #', () => {
    expect(readRules('  # note\n-A -t 10.0.0.1:1 -s rr\n')).toEqual({
      rules: [],
      stopsAt: { line: 1, text: '  # note' },
    })
  })
})

test('a mark as ipvsadm-save writes it ends the restore: ipvsadm does not take it', () => {
  const text = '-A -f -294967296 -s wlc\n-A -t 10.0.0.9:25 -s wlc\n'
  expect(readRules(text)).toMatchObject({ rules: [], stopsAt: { line: 1 } })
  expect(readRules(text.replace('-294967296', '4000000000')).rules).toHaveLength(2)
})

test('merging twice is merging once, and lines of others keep their order, whatever stands in the file', () => {
  const line = fc.oneof(
    fc.constantFrom(...SAVED.trim().split('\n')),
    fc.constantFrom(
      '',
      '# note',
      '--set 1 2 3',
      'ipvsadm -A -t 10.0.0.1:1 -s rr',
      '-D -t 1.2.3.4:5',
    ),
    fc.stringMatching(/^[ -~]{0,20}$/),
  )
  const rule = fc.constantFrom(
    put(service(), '-s rr'),
    put(entry(2), '-i -w 0'),
    put(entry(3), '-i -w 2 -x 9'),
    put(service(MAIL), '-s sh'),
  )
  fc.assert(
    fc.property(fc.array(line), fc.uniqueArray(rule), fc.boolean(), (lines, rules, drops) => {
      const change = { put: rules, drop: drops ? [entry(9, MAIL)] : [] }
      const text = lines.length === 0 ? '' : `${lines.join('\n')}\n`
      const once = mergeRules(text, change)
      expect(mergeRules(once, change)).toBe(once)
      const foreign = (all: string) =>
        all.split('\n').filter((each) => !/172\.25\.254\.100/.test(each))
      expect(foreign(once).filter((each) => each !== '')).toEqual(
        foreign(text).filter((each) => each !== ''),
      )
      const saved = new Map(
        readRules(once).rules.map(({ item, value }) => [JSON.stringify(item), value]),
      )
      if (
        readRules(text).stopsAt === undefined &&
        rules.some(({ item }) => item.kind === 'service')
      )
        for (const { item, value } of rules.filter((each) => each.item.kind === 'service'))
          expect(saved.get(JSON.stringify(item))).toBe(value)
    }),
    { numRuns: 300 },
  )
})
