'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { cx } from '@/app/_ui/cx'
import { Icon } from '@/app/_ui/icon'
import type { Item } from '@/lib/lvs/ledger'
import { formatRealServerKey, formatServiceKey } from '@/lib/lvs/service'
import { DiffCount } from './file-diff-view'
import type { StepView } from './step-view'

const mono = (chunks: ReactNode) => <span className="break-words font-mono">{chunks}</span>

/** Splits `net.ipv4.conf.tunl0.rp_filter` into what it is about; dots of a device are written `/` (sysctl(8)). */
function sysctlParts(key: string): { device: string; parameter: string } {
  const [, , , device = key, parameter = ''] = key.split('.')
  return { device: device.replaceAll('/', '.'), parameter }
}

function useItemTitle() {
  const t = useTranslations('plan.step')
  return (item: Item, change: StepView['change'], value: string | undefined): ReactNode => {
    switch (item.kind) {
      case 'module':
        return t.rich(change === 'remove' ? 'unload' : 'load', { mono, module: item.name })
      case 'sysctl':
        return t.rich('sysctl', { mono, ...sysctlParts(item.key) })
      case 'link':
        return t.rich('link', { mono, device: item.device })
      case 'address': {
        const address = `${item.address}${value ?? ''}`
        return t.rich('address', { mono, address, device: item.device })
      }
      case 'service':
        return t.rich('service', { mono, service: formatServiceKey(item.service) })
      case 'entry':
        return t.rich('entry', {
          mono,
          realServer: formatRealServerKey(item.realServer),
          service: formatServiceKey(item.service),
        })
      case 'file':
        return t.rich('file', { mono, path: item.path })
      case 'unit':
        return t.rich(change === 'remove' ? 'disable' : 'enable', { mono, unit: item.name })
      default:
        return item satisfies never
    }
  }
}

/** What a step acts on, in words with the names of things in mono. */
export function StepTitle({ step }: { step: StepView }) {
  const t = useTranslations('plan.step')
  const itemTitle = useItemTitle()
  const { kind, item, change, subject } = step
  if (kind === 'settle') return t('settle')
  if (kind === 'reload' || kind === 'sync') return t(kind)
  if (kind === 'check') return t.rich('check', { mono, subject })
  if (kind === 'announce') {
    const [address = subject, device = ''] = subject.split(' on ')
    return t.rich('announce', { mono, address, device })
  }
  if (item === undefined)
    return kind === 'file' ? t.rich('file', { mono, path: subject }) : mono(subject)
  if (kind === 'claim') return t.rich('claim', { mono, subject })
  return itemTitle(item, change, step.after ?? step.before)
}

/** From which value to which; nothing where the title says it all. */
export function StepChange({ step }: { step: StepView }) {
  const t = useTranslations('plan')
  const { before, after, item, change, diff } = step
  if (diff !== undefined) return <DiffCount diff={diff} />
  if (item === undefined || item.kind === 'module' || item.kind === 'address') return null
  if (change === 'do' || item.kind === 'unit') return null
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5 font-mono text-sm">
      {before !== undefined && (
        <span className={cx('text-muted', after === undefined && 'line-through')}>{before}</span>
      )}
      {before !== undefined && after !== undefined && (
        <>
          <Icon name="arrow-right" size={12} className="text-muted" />
          <span className="sr-only">{t('becomes')}</span>
        </>
      )}
      {after !== undefined && <span>{after}</span>}
    </span>
  )
}

const SIGNS = {
  add: { sign: '+', look: 'text-ok bg-ok-soft' },
  edit: { sign: '~', look: 'text-warn bg-warn-soft' },
  remove: { sign: '−', look: 'text-bad bg-bad-soft' },
  do: { sign: '›', look: 'text-muted bg-sunken' },
} as const satisfies Record<StepView['change'], { sign: string; look: string }>

/** The sign of a change, as in every diff: adds, changes, removes, or only runs something. */
export function StepSign({ change }: { change: StepView['change'] }) {
  const t = useTranslations('plan.change')
  const { sign, look } = SIGNS[change]
  return (
    <span
      title={t(change)}
      className={cx(
        'inline-flex size-5 shrink-0 items-center justify-center rounded-chip font-mono font-strong text-sm',
        look,
      )}
    >
      <span aria-hidden>{sign}</span>
      <span className="sr-only">{t(change)}</span>
    </span>
  )
}
