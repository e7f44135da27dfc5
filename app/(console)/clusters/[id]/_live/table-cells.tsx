'use client'

import { useTranslations } from 'next-intl'
import { memo } from 'react'
import { Icon } from '@/app/_ui/icon'
import { SeriesMark } from '@/app/_ui/series-mark'
import { ShareBar } from '@/app/_ui/share-bar'
import { TextLink } from '@/app/_ui/text-link'
import { Tooltip } from '@/app/_ui/tooltip'
import { UnknownValue } from '@/app/_ui/unknown-value'
import { paths } from '@/app/paths'
import type { RealServerView, UnknownWhy } from './real-server-view'
import { useFigures } from './use-figures'

type NameProps = Pick<RealServerView, 'id' | 'name' | 'index' | 'desired' | 'isUnreachable'> & {
  clusterId: string
}

/** Name, RIP and port, and what is unusual about the machine; drawn anew only when one of these changes. */
export const NameCell = memo(function NameCell(props: NameProps) {
  const { id, name, index, desired, isUnreachable, clusterId } = props
  const t = useTranslations('live')
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <SeriesMark index={index} />
      <span className="min-w-0">
        {desired === undefined ? (
          <span className="block truncate font-strong">{name}</span>
        ) : (
          <TextLink
            strong
            href={paths.realServerEdit(clusterId, desired.id)}
            className="block truncate"
          >
            {name}
          </TextLink>
        )}
        <span className="flex gap-2 whitespace-nowrap text-muted text-xs">
          <span className="font-mono">{id}</span>
          {desired !== undefined && desired.hostId === undefined && (
            <Tooltip text={t('rowStateWhy.notManaged')}>
              <span>{t('rowState.notManaged')}</span>
            </Tooltip>
          )}
          {isUnreachable && (
            <Tooltip text={t('rowStateWhy.unreachable', { host: name })}>
              <span className="inline-flex items-center gap-1 text-bad">
                <Icon name="unplugged" size={12} />
                {t('rowState.unreachable')}
              </span>
            </Tooltip>
          )}
        </span>
      </span>
    </span>
  )
})

/** The weight in the table, and the desired one where that differs. */
export function WeightCell({ row }: { row: RealServerView }) {
  const t = useTranslations('live')
  const { weight, desired } = row
  return (
    <span className="font-mono">
      {weight === undefined ? <UnknownValue reason={t(`unknown.${row.unknown.counts}`)} /> : weight}
      {weight !== undefined && desired !== undefined && weight !== desired.weight && (
        <span className="block font-sans text-warn text-xs">
          {t('table.weightDesired', { weight: desired.weight })}
        </span>
      )}
    </span>
  )
}

/** A figure, or why there is none. */
export function Figure({ text, why }: { text: string | undefined; why: UnknownWhy }) {
  const t = useTranslations('live.unknown')
  if (text === undefined) return <UnknownValue reason={t(why)} />
  return <span className="font-mono">{text}</span>
}

/** Bytes that came in; why only those is said where they stand. */
export function BytesCell({ row }: { row: RealServerView }) {
  const t = useTranslations('live.table')
  const { bytes } = useFigures()
  const { inBytesPerSecond, unknown } = row
  if (inBytesPerSecond === undefined) return <Figure text={undefined} why={unknown.rates} />
  return (
    // Not the Tooltip of the kit: one of those in each row costs more than all the rest of a row.
    <span className="whitespace-nowrap font-mono" title={t('inBytesWhy')}>
      {bytes(inBytesPerSecond)}
    </span>
  )
}

/** The share of new connections, against the promised one. */
export function ShareCell({ row, scale }: { row: RealServerView; scale: number }) {
  const t = useTranslations('live')
  const { percent } = useFigures()
  const { share, promised, unknown } = row
  const said =
    share === undefined
      ? t('table.shareNone')
      : promised === undefined
        ? t('table.shareAlone', { share: percent(share) })
        : t('table.shareLabel', { share: percent(share), promised: percent(promised) })
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <ShareBar
        share={share}
        promised={promised}
        scale={scale}
        index={row.index}
        label={said}
        className="@max-4xl:w-12 w-16"
      />
      <span className="inline-block min-w-16 text-right">
        <Figure
          text={share === undefined ? undefined : percent(share)}
          why={row.newPerSecond === undefined ? unknown.rates : 'no-share'}
        />
      </span>
    </span>
  )
}
