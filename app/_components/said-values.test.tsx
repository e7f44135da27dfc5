import { NextIntlClientProvider } from 'next-intl'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { LOCALES, type Locale } from '@/app/_i18n/locales'
import { MESSAGES } from '@/app/_i18n/messages'
import type { Values } from '@/lib/errors'
import { formatItem, type Item } from '@/lib/lvs/ledger'
import { useSaidValues } from './said-values'

function Said({ values }: { values: Values }) {
  return JSON.stringify(useSaidValues()(values))
}

/** What stands in a sentence for values of lib. */
function said(locale: Locale, values: Values): unknown {
  const html = renderToStaticMarkup(
    <NextIntlClientProvider locale={locale} messages={MESSAGES[locale]} timeZone="UTC">
      <Said values={values} />
    </NextIntlClientProvider>,
  )
  return JSON.parse(html.replaceAll('&quot;', '"'))
}

test('lists of names are joined as the language does, and figures and other texts stay', () => {
  const values = { hosts: 'server2, server3', line: 'a, b', clusters: '', count: 2 }
  expect(said('en', values)).toEqual(values)
  expect(said('zh-CN', values)).toEqual({ ...values, hosts: 'server2、server3' })
})

const service = { kind: 'address', protocol: 'tcp', vip: '172.25.254.100', port: 80 } as const
const ITEMS: [item: Item, chinese: string][] = [
  [{ kind: 'module', name: 'ipip' }, '模块 ipip'],
  [{ kind: 'address', address: '172.25.254.100', device: 'tunl0' }, 'tunl0 上的 172.25.254.100'],
  [{ kind: 'service', service }, '虚拟服务 tcp 172.25.254.100:80'],
  [
    { kind: 'entry', service, realServer: { rip: '172.25.254.2', port: 80 } },
    'tcp 172.25.254.100:80 中的 172.25.254.2:80',
  ],
]

test.each(ITEMS)('an item is said in words: %j', (item, chinese) => {
  const written = { item: formatItem(item) }
  expect(said('en', written)).toEqual(written)
  expect(said('zh-CN', written)).toEqual({ item: chinese })
})

test.each(LOCALES)('what is no item stays as it is in %s', (locale) => {
  expect(said(locale, { item: '-' })).toEqual({ item: '-' })
})
